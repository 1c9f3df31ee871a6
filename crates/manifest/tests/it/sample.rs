//! A manifest that uses every part of the vocabulary.

pub(crate) const SAMPLE: &str = r##"
manifest = 1
provider = "acme"
title = "Acme"
initial = "A"
colour = "#112233"
side = "crm"
delivery = "B"
hooks = ["normalise_id"]
empty = [204]
rate = { requests = 10, per_seconds = 1, at_once = 2 }
user_link = "{address}/users/{user_id}"

[vocabulary]
user = ["agent", "agents"]
company = ["firm", "firms"]
contact = ["contact", "contacts"]
organization = ["account", "accounts"]

[inputs]
team = { escape = "odata" }

[[settings]]
name = "region"
label = "Region"
kind = "choice"
default = "eu"
advanced = true
choices = [{ value = "eu", label = "Europe" }, { value = "us", label = "America" }]
[[settings]]
name = "address"
label = "Address"
kind = "url"
required = true
normalise = "origin"
[[settings]]
name = "team"
kind = "text"
label = "Team"
[[settings]]
name = "portal"
label = ""
kind = "url"
internal = true

[[credentials]]
name = "client_id"
label = "Key"
kind = "text"
required = true
[[credentials]]
name = "client_secret"
label = "Secret"
kind = "secret"
required = true

[environments]
sandbox = [{ setting = { name = "address", contains = ["//test."] } }, { org = { pointer = "/test" } }]

[hosts]
api = [{ session = "base" }, { setting = "address" }]
accounts = [{ region = { setting = "region", addresses = { eu = "https://eu.acme.example", us = "https://us.acme.example" } } }]

[[sign_in]]
kind = "oauth2_client_credentials"
token = { host = "accounts", path = "/token", expires_in = "/expires_in" }
headers = { Authorization = "Bearer {access_token}" }
[sign_in.yields]
access_token = { pointer = "/access_token" }
base = { pointer = "/base", public = true, optional = true }
portal = { pointer = "/portal", public = true, optional = true, keep_as = "portal" }

[org]
request = { path = "/me" }
id = [{ pointer = "/id" }]
name = { pointer = "/name" }

[[steps]]
title = "Make a key"
where = "Settings › Keys"
what = "Copy it."
probe = "users"

[[permissions]]
name = "users:read"
need = "required"
why = "Lists agents."
probe = "users"

[[probes]]
name = "users"
title = "Agents can be listed"
request = { path = "/users", query = { filter = "team eq '{team}'" } }
expect = [{ pointer = "/users" }]

[users]
id = { pointer = "/id", type = "text" }
page_size = 100
[users.full]
items = "/users"
paging = { kind = "page", end = { more = "/more" } }
[[users.full.requests]]
path = "/users"
query = { page = "{page}", size = "{page_size}" }
[users.since]
format = "rfc3339"
escape = "none"
overlap_seconds = 60
[users.changed]
items = "/users"
paging = { kind = "cursor", pointer = "/next" }
[[users.changed.requests]]
path = "/users"
query = { since = "{since}", cursor = "{cursor}" }
[[users.lookups]]
name = "roles"
request = { path = "/roles" }
items = "/roles"
key = "/id"
value = "/name"
paging = { kind = "none", because = "there are ten roles at most" }
[[users.joins]]
name = "staff"
on = "/id"
request = { method = "POST", path = "/staff", json = '{"ids": "{keys}"}' }
items = "/staff"
key = "/user"
paging = { kind = "none", because = "one answer holds all that were asked for" }
[users.fields]
display_name = ["/name"]
phones = ["/phone", "/@staff/0/phone"]
role = [{ pointer = "/role", lookup = "roles" }]
[[users.state]]
pointer = "/active"
equals = [false]
is = "inactive"

[[errors]]
status = [402]
class = "quota_exhausted"
"##;
