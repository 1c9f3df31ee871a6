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
        "{file}: `hooks` names {named:?}, but the program was built with {provided:?}; name exactly those, and build anew when hooks.rs has others (a connector that is loaded from a folder has none)"
    )]
    Hooks {
        /// The manifest.
        file: String,
        /// The hooks that it names.
        named: Vec<counterpart_manifest::HookName>,
        /// The hooks that are there.
        provided: Vec<counterpart_manifest::HookName>,
    },
    /// A folder of manifests cannot be read.
    #[error("cannot read the connectors in {folder}: {reason}")]
    Folder {
        /// The folder.
        folder: String,
        /// What the operating system says.
        reason: String,
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

    /// Adds every connector of a folder that somebody else keeps: each folder in it that has a
    /// `manifest.toml`, in the order of their names. They have no hooks, and talk to the given
    /// hosts alone, see [`ManifestConnector::restricted_to`]. Says how many there were.
    pub fn add_folder(
        &mut self,
        folder: &std::path::Path,
        hosts: &[String],
    ) -> Result<usize, RegistryError> {
        let unreadable = |error: std::io::Error| RegistryError::Folder {
            folder: folder.display().to_string(),
            reason: error.to_string(),
        };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(unreadable)? {
            let file = entry.map_err(unreadable)?.path().join("manifest.toml");
            if file.is_file() {
                files.push(file);
            }
        }
        files.sort();
        for file in &files {
            let text = std::fs::read_to_string(file).map_err(unreadable)?;
            let name = file.display().to_string();
            let connector = ManifestConnector::load(&name, &text, Hooks::default())?;
            self.add(Arc::new(connector.restricted_to(hosts)))?;
        }
        Ok(files.len())
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
