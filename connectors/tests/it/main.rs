//! Every connector against the emulator of its provider, by the conformance kit, and what else a
//! provider's folder has in its `tests.rs`.

use std::sync::Arc;

use counterpart_conformance::Emulated;
use counterpart_connector::Connector;

/// The connector of a provider.
fn connector(provider: &str) -> Arc<dyn Connector> {
    let registry = counterpart_connectors::registry().unwrap_or_else(|error| panic!("{error}"));
    Arc::clone(registry.get(provider).expect("a connector of that name"))
}

/// The same, against its emulator.
fn emulated(provider: &str) -> Emulated {
    Emulated::new(connector(provider))
}

include!(concat!(env!("OUT_DIR"), "/tests.rs"));

/// A folder without tests would pass unseen.
#[test]
fn every_provider_is_tested() {
    let registry = counterpart_connectors::registry().unwrap_or_else(|error| panic!("{error}"));
    let tested: Vec<_> = TESTED.to_vec();
    assert_eq!(tested, registry.providers().collect::<Vec<_>>());
}
