//! What speaks a provider's API: the Connector trait, the manifest interpreter, hook types, the conformance kit.
