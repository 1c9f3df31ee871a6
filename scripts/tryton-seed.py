"""Give a fresh Tryton database the one company that its employees belong to.

Usage: python tryton-seed.py trytond.conf database
"""

import sys

from trytond.config import config

configuration, database = sys.argv[1:]
# Has to come before trytond.pool: modules read the configuration while they load.
config.update_etc([configuration])

from trytond.pool import Pool  # noqa: E402
from trytond.transaction import Transaction  # noqa: E402

ADMIN_LOGIN = "admin"
SUPERUSER = 0

Pool.start()
pool = Pool(database)
pool.init()

with Transaction().start(database, SUPERUSER):
    Company = pool.get("company.company")
    Currency = pool.get("currency.currency")
    Party = pool.get("party.party")
    User = pool.get("res.user")

    if not Company.search([]):
        (currency,) = Currency.create(
            [{"name": "Euro", "symbol": "€", "code": "EUR", "numeric_code": "978"}]
        )
        (party,) = Party.create([{"name": "Example Company"}])
        (company,) = Company.create([{"party": party.id, "currency": currency.id}])
        # A user sees the employees of the companies they are in, the administrator included.
        (admin,) = User.search([("login", "=", ADMIN_LOGIN)])
        User.write(
            [admin], {"companies": [("add", [company.id])], "company": company.id}
        )
