//! A folder with people and connections to emulated CRMs, made by commands alone.

use std::path::Path;

use counterpart_emulators::Running;

use crate::command::json;

/// Lets the binary call emulators.
pub(crate) const LOOPBACK: [&str; 2] = ["--allow-address", "127.0.0.0/8"];

/// A folder with the emulators' people and a connection.
pub(crate) fn prepare(folder: &Path, emulator: &Running) {
    employ(folder, 60);
    connect(folder, emulator, emulator.info().title);
}

/// An organization with people, the first ones of the emulators' directory.
pub(crate) fn employ(folder: &Path, people: usize) {
    json(
        folder,
        &["organization", "create", "--name", "Northwind"],
        "",
    );
    let mut file = String::from("external id,given name,family name,e-mail\n");
    for person in counterpart_emulators::platform_directory(1, people) {
        let fields = [
            person.external_id,
            person.given,
            person.family,
            person.email,
        ];
        file.push_str(&fields.join(","));
        file.push('\n');
    }
    std::fs::write(folder.join("people.csv"), file).expect("a file");
    json(folder, &["people", "import", "people.csv"], "");
}

/// A connection to an emulator, not synced yet.
pub(crate) fn connect(folder: &Path, emulator: &Running, name: &str) {
    let settings: Vec<String> = emulator
        .settings()
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let mut arguments = vec![
        "connection",
        "add",
        "--provider",
        emulator.info().name,
        "--name",
        name,
    ];
    for setting in &settings {
        arguments.extend(["--set", setting]);
    }
    arguments.extend(LOOPBACK);
    let credentials = serde_json::to_string(&emulator.credentials()).expect("JSON");
    json(folder, &arguments, &credentials);
}
