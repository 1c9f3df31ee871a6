//! Every provider, one folder each beside this crate's `src`: `manifest.toml`, `hooks.rs` where
//! the manifest's vocabulary does not suffice, `fixtures/` and a `README.md` with the facts and
//! their sources.
//!
//! The build script finds the folders; to add a provider, add a folder.

mod document;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod reference;

use counterpart_connector::{Hooks, Registry, RegistryError};

pub use document::document;

/// What a provider's folder holds.
struct Folder {
    /// The manifest's path in this repository, for messages.
    file: &'static str,
    /// The manifest.
    manifest: &'static str,
    /// The hooks.
    hooks: fn() -> Hooks,
}

include!(concat!(env!("OUT_DIR"), "/registration.rs"));

/// All connectors of this version. Fails only when one of the folders is wrong, which this
/// crate's tests would have shown.
pub fn registry() -> Result<Registry, RegistryError> {
    let mut registry = Registry::new();
    for folder in FOLDERS {
        registry.add_manifest(folder.file, folder.manifest, (folder.hooks)())?;
    }
    Ok(registry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_holds_a_connector_of_its_own_name() {
        let registry = registry().unwrap_or_else(|error| panic!("{error}"));
        assert!(registry.providers().count() >= 4);
        for folder in FOLDERS {
            let named = folder.file.split('/').nth(1).expect("a folder's name");
            assert!(
                registry.get(named).is_some(),
                "{}: another provider",
                folder.file
            );
        }
    }
}
