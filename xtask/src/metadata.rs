//! What `cargo metadata` says about the workspace: only the fields that rules look at.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde::Deserialize;

use crate::Error;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) version: String,
    #[serde(default)]
    pub(crate) license: Option<String>,
    /// `None` for the packages of this workspace.
    #[serde(default)]
    pub(crate) source: Option<String>,
    #[serde(default)]
    pub(crate) manifest_path: PathBuf,
    #[serde(default)]
    pub(crate) dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `None` for a normal one.
    #[serde(default)]
    kind: Option<String>,
}

impl Metadata {
    pub(crate) fn load(root: &Path) -> Result<Self, Error> {
        let command = "cargo metadata --format-version 1".to_owned();
        let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["metadata", "--format-version", "1"])
            .current_dir(root)
            .output()
            .map_err(|source| Error::Run {
                command: command.clone(),
                source,
            })?;
        if !output.status.success() {
            return Err(Error::Failed {
                command,
                message: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            });
        }
        let mut metadata: Self =
            serde_json::from_slice(&output.stdout).map_err(|error| Error::Malformed {
                path: command,
                message: error.to_string(),
            })?;
        for package in &mut metadata.packages {
            if let Ok(relative) = package.manifest_path.strip_prefix(root) {
                package.manifest_path = relative.to_owned();
            }
        }
        Ok(metadata)
    }

    /// The packages of this workspace.
    pub(crate) fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| package.source.is_none())
    }

    /// The packages that come from elsewhere, those of other platforms included.
    pub(crate) fn theirs(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| package.source.is_some())
    }
}

impl Package {
    /// The name as the architecture spells it: `counterpart-model` is `model`.
    pub(crate) fn short_name(&self) -> &str {
        short_name(&self.name)
    }

    /// The manifest's path within the repository.
    pub(crate) fn manifest(&self) -> String {
        self.manifest_path.to_string_lossy().replace('\\', "/")
    }
}

impl Dependency {
    pub(crate) fn is_for_tests_only(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

/// A package's name without the product's. The binary is the product and has that name alone.
pub(crate) fn short_name(name: &str) -> &str {
    match name.strip_prefix("counterpart-") {
        Some(short) => short,
        None if name == "counterpart" => "app",
        None => name,
    }
}

#[cfg(test)]
pub(crate) mod fixture {
    use super::{Dependency, Metadata, Package};

    /// Packages of this workspace: name, dependencies, dependencies of its tests.
    pub(crate) fn workspace(packages: &[(&str, &[&str], &[&str])]) -> Metadata {
        let dependency = |kind: Option<&str>| {
            let kind = kind.map(str::to_owned);
            move |name: &&str| Dependency {
                name: (*name).to_owned(),
                kind: kind.clone(),
            }
        };
        let packages = packages.iter().map(|(name, normal, dev)| Package {
            name: format!("counterpart-{name}"),
            version: "0.1.0".to_owned(),
            license: None,
            source: None,
            manifest_path: format!("crates/{name}/Cargo.toml").into(),
            dependencies: normal
                .iter()
                .map(dependency(None))
                .chain(dev.iter().map(dependency(Some("dev"))))
                .collect(),
        });
        Metadata {
            packages: packages.collect(),
        }
    }
}
