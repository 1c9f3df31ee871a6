//! What a manifest may say, what is refused, and what the refusal says.

mod activities;
mod records;
mod sample;

use counterpart_manifest::{Manifest, ManifestError};
use counterpart_model::Environment;

use sample::SAMPLE;

fn load(text: &str) -> Result<Manifest, ManifestError> {
    Manifest::load("connectors/acme/manifest.toml", text)
}

/// The problems of the sample with one text in place of another.
fn problems_with(old: &str, new: &str) -> String {
    assert!(SAMPLE.contains(old), "the sample has no {old:?}");
    match load(&SAMPLE.replacen(old, new, 1)) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn refused(old: &str, new: &str, words: &str) {
    let problems = problems_with(old, new);
    assert!(problems.contains(words), "{new:?} gave: {problems:?}");
}

#[test]
fn the_sample_is_a_manifest() {
    let manifest = load(SAMPLE).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(manifest.provider, "acme");
    assert!(manifest.lists_changed());
    let form: Vec<_> = manifest
        .form_settings()
        .map(|field| field.name.as_str())
        .collect();
    assert_eq!(
        form,
        ["address", "team", "region"],
        "internal ones are not shown, advanced last"
    );
}

#[test]
fn an_unknown_key_is_refused_with_its_line() {
    let text = SAMPLE.replacen("title = \"Acme\"", "title = \"Acme\"\nlogo = \"a.png\"", 1);
    let error = load(&text).expect_err("there is no such key");
    let line = text
        .lines()
        .position(|line| line.starts_with("logo"))
        .expect("there")
        + 1;
    assert_eq!(error.problems[0].line, Some(line));
    let shown = error.to_string();
    assert!(
        shown.starts_with(&format!("connectors/acme/manifest.toml:{line}:")),
        "{shown}"
    );
    assert!(shown.contains("logo"), "{shown}");
}

#[test]
fn text_that_is_no_toml_is_refused_with_its_line() {
    let error = load("manifest = 0\nprovider = \n").expect_err("no value");
    assert_eq!(error.problems[0].line, Some(2));
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_file() {
    let text = SAMPLE
        .replacen("initial = \"A\"", "initial = \"ACM\"", 1)
        .replacen("colour = \"#112233\"", "colour = \"red\"", 1)
        .replacen("probe = \"users\"", "probe = \"nothing\"", 1);
    let error = load(&text).expect_err("three things are wrong");
    let keys: Vec<_> = error
        .problems
        .iter()
        .map(|problem| problem.key.as_str())
        .collect();
    assert_eq!(keys, ["initial", "colour", "steps.0.probe"]);
    let lines: Vec<_> = error.problems.iter().map(|problem| problem.line).collect();
    assert!(
        lines.is_sorted() && lines.iter().all(Option::is_some),
        "{lines:?}"
    );
}

#[test]
fn an_unknown_input_is_refused_and_the_known_ones_are_listed() {
    refused(
        "Bearer {access_token}",
        "Bearer {acess_token}",
        "there is no input `{acess_token}`",
    );
    refused(
        "Bearer {access_token}",
        "Bearer {acess_token}",
        "access_token",
    );
    refused(
        "{ page = \"{page}\"",
        "{ page = \"{offset}\"",
        "every page would be the first",
    );
}

#[test]
fn an_input_inside_a_longer_text_must_say_how_it_is_escaped() {
    refused(
        "team = { escape = \"odata\" }",
        "",
        "`{team}` stands inside a longer text",
    );
}

#[test]
fn a_list_states_its_paging() {
    refused(
        "paging = { kind = \"page\", end = { more = \"/more\" } }\n",
        "",
        "missing field `paging`",
    );
    let silent = "paging = { kind = \"none\", because = \"\" }";
    refused(
        "paging = { kind = \"page\", end = { more = \"/more\" } }",
        silent,
        "say why",
    );
}

#[test]
fn changes_without_an_instant_are_refused() {
    refused("since = \"{since}\", ", "", "put {since} into it");
    let since = "[users.since]\nformat = \"rfc3339\"\nescape = \"none\"\noverlap_seconds = 60\n";
    refused(since, "", "[users.since]");
}

#[test]
fn keyset_paging_needs_a_beginning_of_the_ids_type() {
    let keyset = "paging = { kind = \"keyset\", end = \"empty_page\" }";
    refused(
        "paging = { kind = \"page\", end = { more = \"/more\" } }",
        keyset,
        "of the type of the ids",
    );
}

#[test]
fn names_must_lead_somewhere() {
    refused(
        "host = \"accounts\"",
        "host = \"acounts\"",
        "there is no host `acounts`",
    );
    refused(
        "lookup = \"roles\"",
        "lookup = \"rolls\"",
        "there is no lookup `rolls`",
    );
    refused(
        "\"/@staff/0/phone\"",
        "\"/@stuff/0/phone\"",
        "there is no join `stuff`",
    );
    refused(
        "keep_as = \"portal\"",
        "keep_as = \"portl\"",
        "internal = true",
    );
}

#[test]
fn a_join_that_brings_everybody_says_so() {
    let (asks, brings) = ("{\"ids\": \"{keys}\"}", "{\"ids\": \"all\"}");
    refused(asks, brings, "it asks for every row");
    let all = format!("json = '{brings}' }}\nall = true");
    assert_eq!(problems_with(&format!("json = '{asks}' }}"), &all), "");
}

#[test]
fn a_kind_of_record_is_written_in_one_way_for_each_value_of_a_setting() {
    let call = |when: &str| {
        format!(
            "[[activities]]\nkind = \"call\"\ntitle = \"Call\"\n{when}write = {{ path = \"/calls\" }}\nid = {{ pointer = \"/id\" }}\ndelivery = \"C\"\n\n"
        )
    };
    let setting = "[[settings]]\nname = \"calls\"\nlabel = \"Calls\"\nkind = \"choice\"\ndefault = \"a\"\nchoices = [{ value = \"a\", label = \"A\" }, { value = \"b\", label = \"B\" }]\n\n";
    let when = |value: &str| format!("when = {{ setting = \"calls\", equals = \"{value}\" }}\n");
    let with = |first: &str, second: &str| {
        let both = call(first) + &call(second);
        problems_with("[[errors]]", &format!("{setting}{both}[[errors]]"))
    };
    assert_eq!(with(&when("a"), &when("b")), "");
    for (first, second) in [(when("a"), when("a")), (when("a"), String::new())] {
        let problems = with(&first, &second);
        assert!(problems.contains("stands there already"), "{problems}");
    }
    let problems = with(&when("a"), &when("c"));
    assert!(problems.contains("`c` is no choice"), "{problems}");
}

#[test]
fn a_secret_cannot_be_shown() {
    refused(
        "kind = \"text\"\nlabel = \"Team\"",
        "kind = \"secret\"\nlabel = \"Team\"",
        "a secret is a credential",
    );
    refused(
        "portal = { pointer = \"/portal\", public = true,",
        "portal = { pointer = \"/portal\",",
        "public = true",
    );
    refused(
        "name = { pointer = \"/name\" }",
        "name = { text = \"{client_secret}\" }",
        "there is no input",
    );
}

#[test]
fn a_rule_that_would_fail_every_answer_is_refused() {
    refused(
        "[[errors]]\nstatus = [402]\n",
        "[[errors]]\n",
        "it has no condition",
    );
}

#[test]
fn a_pointer_begins_with_a_slash() {
    refused(
        "pointer = \"/id\"",
        "pointer = \"id\"",
        "is no JSON Pointer",
    );
}

#[test]
fn a_sign_in_names_the_credentials_it_needs() {
    refused(
        "name = \"client_id\"",
        "name = \"client\"",
        "needs a credential `client_id`",
    );
}

#[test]
fn another_format_is_refused() {
    refused("manifest = 1", "manifest = 7", "format 7 is not known");
}

#[test]
fn a_sandbox_is_recognised_by_its_address() {
    let manifest = load(SAMPLE).unwrap_or_else(|error| panic!("{error}"));
    let at = |address: &str| {
        manifest.environment_by_settings(&[("address".to_owned(), address.to_owned())].into())
    };
    assert_eq!(at("https://TEST.acme.example"), Some(Environment::Sandbox));
    assert_eq!(at("https://www.acme.example"), None);
}

/// The format before this one is still read, as if it had been written in this one.
#[test]
fn a_manifest_of_format_0_is_read_as_one_of_format_1() {
    let old = SAMPLE
        .replacen("manifest = 1", "manifest = 0", 1)
        .replacen("[[sign_in]]", "[sign_in]", 1)
        .replacen(
            "token = { host = \"accounts\", path = \"/token\", expires_in = \"/expires_in\" }",
            "host = \"accounts\"\npath = \"/token\"\nexpires_in = \"/expires_in\"",
            1,
        )
        .replace("end = { more = \"/more\" }", "more = \"/more\"");
    assert!(!old.contains("token = { host") && !old.contains("end = { more"));
    let old = load(&old).unwrap_or_else(|error| panic!("{error}"));
    let new = load(SAMPLE).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(old, new);
}

/// The sample with a kind of contacts and a kind of records at its end.
fn with_records(old: &str, new: &str) -> String {
    const RECORDS: &str = r#"
[[contacts]]
kind = "contact"
id = { pointer = "/id", type = "text" }
page_size = 10
fields = { display_name = ["/name"], phones = ["/phone"] }
one = { request = { path = "/contacts/{record_id}" } }
by_phone = { spellings = ["e164"], requests = [{ path = "/numbers", query = { number = "{phone}" } }], items = "/found", row = "/item", record_id = "/contact", paging = { kind = "none", because = "a number is there once" } }
[[activities]]
kind = "call"
title = "Call"
inputs = { text = { escape = "html" } }
write = { method = "POST", path = "/calls", json = '{"owner": "{owner}", "text": "<p>{text}</p>"}' }
id = { pointer = "/id" }
find = { requests = [{ path = "/calls", query = { since = "{started_at}" } }], items = "/calls", id = "/id", key = "/text", paging = { kind = "none", because = "it is a test" } }
"#;
    assert!(RECORDS.contains(old), "there is no {old:?}");
    let text = format!("{SAMPLE}{}", RECORDS.replacen(old, new, 1));
    load(&text).map_or_else(|error| error.to_string(), |_| String::new())
}

#[test]
fn what_a_search_finds_only_the_id_of_must_be_readable() {
    assert_eq!(with_records("", ""), "");
    let without = with_records("one = {", "link = \"https://a.example/{record_id}\" #");
    assert!(without.contains("by_phone.record_id"), "{without}");
}

#[test]
fn a_record_is_looked_for_by_its_key_or_in_a_list_that_has_it() {
    assert_eq!(with_records("{started_at}", "{our_key}"), "");
    let everything = with_records("{started_at}", "always");
    assert!(everything.contains("searches for nothing"), "{everything}");
    let unknown = with_records(", key = \"/text\"", "");
    assert!(unknown.contains("searches for nothing"), "{unknown}");
}

#[test]
fn the_address_of_a_redirect_may_be_kept_in_a_setting() {
    let setting = "[[settings]]\nname = \"redirect_uri\"\nlabel = \"Redirect\"\nkind = \"text\"\n";
    let text = SAMPLE.replacen("[[credentials]]", &format!("{setting}[[credentials]]"), 1);
    assert!(load(&text).is_ok());
    let other = text.replacen("redirect_uri", "code_verifier", 1);
    assert!(load(&other).is_err());
}

#[test]
fn those_who_left_are_read_beside_the_others() {
    let one = "one_of_those_who_left = { request = { path = \"/users/{user_id}\" } }";
    let page_size = "page_size = 100";
    refused(
        page_size,
        &format!("{page_size}\n{one}"),
        "say in `one` how the others are read",
    );
}

/// The schema in the repository is the one that the types give. `UPDATE_SCHEMA=1` writes it anew.
#[test]
fn the_schema_is_up_to_date() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/manifest.schema.json"
    );
    let schema = counterpart_manifest::schema::schema();
    let schema = serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(file, &schema).expect("the schema can be written");
    }
    let kept = std::fs::read_to_string(file).unwrap_or_default();
    assert!(
        kept == schema,
        "docs/manifest.schema.json is not what the types say; run UPDATE_SCHEMA=1 cargo test -p counterpart-manifest schema"
    );
}

/// The sample, with a look-up behind signing in and as a product of a suite.
fn in_a_suite(consent: &str) -> Result<Manifest, ManifestError> {
    let way = format!(
        r#"[[sign_in]]
kind = "oauth2_refresh"
code = "code"
authorize = {{ host = "accounts", path = "/authorize", query = {{ {consent} }} }}
"#
    );
    let credentials = r#"[[credentials]]
name = "code"
label = "Code"
kind = "secret"
one_time = true
[[credentials]]
name = "refresh_token"
label = "Token"
kind = "secret"
internal = true

[environments]"#;
    let suite = r#"[suite]
name = "acme"
title = "Acme One"
scopes = ["users:read"]
[[after_sign_in]]
request = { path = "/portals" }
yields = { portal_id = { pointer = "/0/id", public = true } }

[org]
"#;
    let text = SAMPLE
        .replacen("[environments]", credentials, 1)
        .replacen(
            "[[sign_in]]\nkind = \"oauth2_client_credentials\"\n",
            &way,
            1,
        )
        .replacen("[org]\n", suite, 1)
        .replacen("path = \"/me\"", "path = \"/portals/{portal_id}\"", 1);
    load(&text)
}

#[test]
fn what_is_looked_up_behind_signing_in_is_an_input_of_later_requests() {
    let manifest = in_a_suite("scope = \"{scopes}\"");
    let manifest = manifest.unwrap_or_else(|error| panic!("{error}"));
    let way = &manifest.sign_in[0];
    let yielded: Vec<_> = manifest.yields(way).map(|(name, _)| name).collect();
    assert_eq!(yielded, ["access_token", "base", "portal", "portal_id"]);
    refused(
        "path = \"/me\"",
        "path = \"/portals/{portal_id}\"",
        "there is no input `{portal_id}`",
    );
}

#[test]
fn a_product_of_a_suite_asks_for_the_scopes_on_its_consent_page() {
    let manifest = in_a_suite("scope = \"{scopes}\"");
    let suite = manifest.map(|manifest| manifest.suite);
    let suite = suite.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(suite.map(|suite| suite.separator).as_deref(), Some(" "));
    let error = in_a_suite("scope = \"users:read\"").expect_err("it asks for its own only");
    assert!(error.to_string().contains("put {scopes} into"), "{error}");
    refused(
        "query = { filter = \"team eq '{team}'\" }",
        "query = { filter = \"{scopes}\" }",
        "there is no input `{scopes}`",
    );
}

#[test]
fn a_link_may_begin_with_a_host_that_settings_tell() {
    let with = |host: &str| {
        let link = format!("user_link = \"{{{host}}}/users/{{user_id}}\"");
        problems_with("user_link = \"{address}/users/{user_id}\"", &link)
    };
    assert_eq!(with("accounts"), "");
    // A session is over when a link is followed.
    assert!(with("api").contains("there is no input `{api}`"));
}
