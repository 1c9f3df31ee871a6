//! The words of Counterpart as types: ids, people, connections, mappings, time, sealed secrets. Pure.
