//! `counterpart connector new`: a folder to begin with.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use counterpart_manifest::Manifest;
use counterpart_model::Code;
use counterpart_service::{Error, Result};
use serde_json::json;

use crate::output::{Ending, Output};

/// Which connector.
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The provider's name: lower-case letters, digits and hyphens
    #[arg(value_name = "NAME")]
    name: String,
    /// In which folder to make its folder
    #[arg(long, value_name = "FOLDER", default_value = "connectors")]
    folder: PathBuf,
}

/// The manifest to begin with; `@name` and `@title` are filled in.
const MANIFEST: &str = include_str!("start/manifest.toml");
/// The page of facts to begin with.
const README: &str = include_str!("start/README.md.txt");
/// An answer to begin with.
const USERS: &str = include_str!("start/users.json");
/// The test to begin with.
const TESTS: &str = include_str!("start/tests.rs.txt");

pub(crate) fn run(args: &NewArgs, output: Output) -> Result<Ending> {
    let folder = args.folder.join(&args.name);
    let filled = |text: &str| {
        text.replace("@name", &args.name)
            .replace("@title", &title(&args.name))
            .replace("@module", &module(&args.name))
    };
    let manifest = filled(MANIFEST);
    let file = folder.join("manifest.toml");
    // A name that is none is said so by the same rules that will read the manifest.
    Manifest::load(&file.display().to_string(), &manifest)
        .map_err(|error| Error::new(Code::Usage, error.to_string()))?;
    if folder.exists() {
        return Err(Error::new(
            Code::Usage,
            format!(
                "{} is there already; choose another name or --folder",
                folder.display()
            ),
        ));
    }
    let files = [
        (file, manifest),
        (folder.join("README.md"), filled(README)),
        (folder.join("fixtures/users.json"), filled(USERS)),
        (folder.join("tests.rs"), filled(TESTS)),
    ];
    for (path, text) in &files {
        write(path, text)?;
    }
    let made: Vec<_> = files
        .iter()
        .map(|(path, _)| path.display().to_string())
        .collect();
    output.result(&json!({ "files": made }), |_| {
        format!(
            "{}\n\nNext: fill the manifest in and try it with\n  counterpart connector test {} --against https://… --connector-host …",
            made.join("\n"),
            folder.display()
        )
    });
    Ok(Ending::Done)
}

fn write(path: &Path, text: &str) -> Result<()> {
    let failed = |error: std::io::Error| {
        Error::new(
            Code::Usage,
            format!("cannot write {}: {error}", path.display()),
        )
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, text).map_err(failed)
}

/// `acme-crm` as `Acme Crm`.
fn title(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| {
            format!("{}{}", first.to_uppercase(), letters.as_str())
        })
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The name as it begins a Rust identifier.
fn module(name: &str) -> String {
    let name = name.replace('-', "_");
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("the_{name}")
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever begins with a manifest that is refused has lost the first of the sixty minutes.
    #[test]
    fn what_one_begins_with_is_a_manifest() {
        for name in ["acme", "acme-crm", "9lives"] {
            let text = MANIFEST
                .replace("@name", name)
                .replace("@title", &title(name));
            let manifest = Manifest::load("new", &text).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(manifest.provider, name);
        }
        assert_eq!(title("acme-crm"), "Acme Crm");
    }
}
