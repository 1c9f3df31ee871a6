//! What a store of Counterpart can do: traits, errors, unit of work, and the conformance suite.
