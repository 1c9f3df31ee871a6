//! Finds the connectors: every folder beside this file with a `manifest.toml`, with its
//! `hooks.rs` where there is one, and its `tests.rs`. Nothing central is edited to add a provider.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    println!("cargo::rerun-if-changed={}", root.display());
    let mut providers = Vec::new();
    for entry in fs::read_dir(&root)? {
        let folder = entry?.path();
        if folder.join("manifest.toml").is_file() {
            let name = folder.file_name().and_then(|name| name.to_str());
            providers.push(name.ok_or("a folder's name is not UTF-8")?.to_owned());
        }
    }
    providers.sort();
    let code = registration(&root, &providers)?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("registration.rs"), code)?;
    fs::write(out.join("tests.rs"), tests(&root, &providers)?)?;
    Ok(())
}

/// The code that lists every connector.
fn registration(root: &Path, providers: &[String]) -> Result<String, std::fmt::Error> {
    let mut modules = String::new();
    let mut folders = String::new();
    for provider in providers {
        let folder = root.join(provider);
        let path = |file: &str| folder.join(file).display().to_string();
        let (manifest, hooks) = (path("manifest.toml"), path("hooks.rs"));
        println!("cargo::rerun-if-changed={manifest}");
        println!("cargo::rerun-if-changed={hooks}");
        let given = if Path::new(&hooks).is_file() {
            let module = module(provider);
            writeln!(modules, "#[path = {hooks:?}]\nmod {module};")?;
            format!("{module}::hooks")
        } else {
            "Hooks::default".to_owned()
        };
        let file = format!("connectors/{provider}/manifest.toml");
        writeln!(
            folders,
            "    Folder {{ file: {file:?}, manifest: include_str!({manifest:?}), hooks: {given} }},"
        )?;
    }
    Ok(format!(
        "{modules}\nconst FOLDERS: &[Folder] = &[\n{folders}];\n"
    ))
}

/// The code that includes the tests of every connector.
fn tests(root: &Path, providers: &[String]) -> Result<String, std::fmt::Error> {
    let mut code = String::new();
    let mut tested = Vec::new();
    for provider in providers {
        let file = root.join(provider).join("tests.rs").display().to_string();
        println!("cargo::rerun-if-changed={file}");
        if Path::new(&file).is_file() {
            let module = module(provider);
            writeln!(code, "#[path = {file:?}]\nmod {module};")?;
            tested.push(provider);
        }
    }
    writeln!(code, "\nconst TESTED: &[&str] = &{tested:?};")?;
    Ok(code)
}

/// The module of a provider's folder: its name with underscores, which for a module must not
/// begin with a digit.
fn module(provider: &str) -> String {
    let name = provider.replace('-', "_");
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("_{name}")
    } else {
        name
    }
}
