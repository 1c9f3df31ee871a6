//! Every connector against the emulator of its provider, by the conformance kit, and what else a
//! provider's folder has in its `tests.rs`.

use std::sync::Arc;

use counterpart_conformance::Emulated;

/// The connector of a provider, against its emulator.
fn emulated(provider: &str) -> Emulated {
    let registry = counterpart_connectors::registry().unwrap_or_else(|error| panic!("{error}"));
    let connector = registry.get(provider).expect("a connector of that name");
    Emulated::new(Arc::clone(connector))
}

include!(concat!(env!("OUT_DIR"), "/tests.rs"));

/// A folder without tests would pass unseen.
#[test]
fn every_provider_is_tested() {
    let registry = counterpart_connectors::registry().unwrap_or_else(|error| panic!("{error}"));
    let tested: Vec<_> = TESTED.to_vec();
    assert_eq!(tested, registry.providers().collect::<Vec<_>>());
}
