"""Give a fresh Odoo database what a test needs: a country, a password, an API key.

Run by `odoo shell`, which gives `env`. The country is what numbers without a prefix are read by.
"""

import os

folder = os.environ["SEED"]
administrator = env.ref("base.user_admin")  # noqa: F821
env["res.company"].browse(1).write({"country_id": env.ref("base.uk").id})  # noqa: F821
with open(f"{folder}/password", encoding="ascii") as password:
    administrator.password = password.read().strip()
keys = env["res.users.apikeys"].with_user(administrator)  # noqa: F821
with open(f"{folder}/api_key", "w", encoding="ascii") as key:
    key.write(keys._generate("rpc", "tests") + "\n")
env.cr.commit()  # noqa: F821
