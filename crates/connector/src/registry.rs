//! All connectors of a binary, by the name of their provider.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use counterpart_manifest::ManifestError;

use crate::{Connector, Hooks, ManifestConnector};

/// Why a connector could not be registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// Its manifest is wrong.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// Manifest and hooks do not name the same.
    #[error(
        "{file}: `hooks` names {named:?}, but hooks.rs provides {provided:?}; name exactly those that are there"
    )]
    Hooks {
        /// The manifest.
        file: String,
        /// The hooks that it names.
        named: Vec<counterpart_manifest::HookName>,
        /// The hooks that are there.
        provided: Vec<counterpart_manifest::HookName>,
    },
    /// Two connectors have one name.
    #[error("there are two connectors for `{0}`; give one of them another name")]
    Twice(String),
}

/// All connectors of a binary.
#[derive(Clone, Default)]
pub struct Registry(BTreeMap<String, Arc<dyn Connector>>);

impl Registry {
    /// An empty registry.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a connector.
    pub fn add(&mut self, connector: Arc<dyn Connector>) -> Result<(), RegistryError> {
        let provider = connector.manifest().provider.clone();
        if self.0.contains_key(&provider) {
            return Err(RegistryError::Twice(provider));
        }
        self.0.insert(provider, connector);
        Ok(())
    }

    /// Adds the connector of a manifest. `file` stands in messages only.
    pub fn add_manifest(
        &mut self,
        file: &str,
        text: &str,
        hooks: Hooks,
    ) -> Result<(), RegistryError> {
        self.add(Arc::new(ManifestConnector::load(file, text, hooks)?))
    }

    /// The connector of a provider.
    pub fn get(&self, provider: &str) -> Option<&Arc<dyn Connector>> {
        self.0.get(provider)
    }

    /// Every connector, ordered by the name of its provider.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn Connector>> {
        self.0.values()
    }

    /// The names of the providers, in order.
    pub fn providers(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.providers()).finish()
    }
}
