//! The CRMs of the demo and their emulators.

use std::net::{Ipv4Addr, SocketAddr};

use counterpart_emulators::{Options, Running, start};
use counterpart_model::Environment;
use counterpart_service::{Error, Result};

/// A CRM of the demo.
pub(super) struct Crm {
    pub(super) provider: &'static str,
    pub(super) name: &'static str,
    pub(super) environment: Environment,
}

/// Who is on stage.
pub(super) const CRMS: [Crm; 3] = [
    Crm {
        provider: "salesforce",
        name: "Salesforce",
        environment: Environment::Production,
    },
    Crm {
        provider: "zoho-crm",
        name: "Zoho CRM",
        environment: Environment::Production,
    },
    Crm {
        provider: "autotask",
        name: "Autotask",
        environment: Environment::Sandbox,
    },
];

/// The emulators, in the order of [`CRMS`]; they end when dropped.
pub(super) struct Emulators(Vec<Running>);

impl Emulators {
    /// Starts all of them on free ports of the loopback interface.
    pub(super) async fn start(seed: u64, people: usize) -> Result<Self> {
        let mut running = Vec::new();
        for crm in &CRMS {
            let options = Options {
                listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
                seed,
                people,
                ..Options::default()
            };
            running.push(
                start(crm.provider, options)
                    .await
                    .map_err(Error::internal)?,
            );
        }
        Ok(Self(running))
    }

    /// What one types into a connection to each.
    pub(super) fn all(&self) -> impl Iterator<Item = &Running> {
        self.0.iter()
    }

    /// Ends all of them.
    pub(super) async fn shutdown(self) {
        for running in self.0 {
            running.shutdown().await;
        }
    }
}
