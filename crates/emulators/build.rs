//! Finds the emulators: every folder of `src` with a `README.md`. Nothing central is edited to
//! add one; its `mod.rs` says what it is in a constant `EMULATOR`.

use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let source = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("src");
    println!("cargo::rerun-if-changed={}", source.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(&source)? {
        let folder = entry?.path();
        if folder.join("README.md").is_file() {
            let name = folder.file_name().and_then(|name| name.to_str());
            names.push(name.ok_or("a folder's name is not UTF-8")?.to_owned());
        }
    }
    names.sort();
    let mut code = String::new();
    for name in &names {
        let file = source.join(name).join("mod.rs").display().to_string();
        writeln!(code, "#[path = {file:?}]\nmod {};", module(name))?;
    }
    writeln!(code, "\nstatic EMULATORS: &[emulator::Emulator] = &[")?;
    for name in &names {
        writeln!(code, "    {}::EMULATOR,", module(name))?;
    }
    writeln!(code, "];")?;
    fs::write(
        PathBuf::from(env::var("OUT_DIR")?).join("emulators.rs"),
        code,
    )?;
    Ok(())
}

/// The module of a folder: its name, which for a module must not begin with a digit.
fn module(folder: &str) -> String {
    if folder.starts_with(|first: char| first.is_ascii_digit()) {
        format!("_{folder}")
    } else {
        folder.to_owned()
    }
}
