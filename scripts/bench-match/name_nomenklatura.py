"""The name matcher of nomenklatura, which OpenSanctions screens with, on pairs of names: its
algorithm logic-v2 with its default settings, each name a person without other properties."""

from followthemoney import EntityProxy
from nomenklatura.matching.logic_v2.model import LogicV2

import pairs_of_names

config = LogicV2.default_config()


def person(name):
    return EntityProxy.from_dict({"id": name, "schema": "Person", "properties": {"name": [name]}})


pairs_of_names.run(lambda name, other: LogicV2.compare(person(name), person(other), config).score)
