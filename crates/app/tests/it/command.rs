//! Running the binary.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The binary under test, in a folder of its own and without the environment's settings.
pub(crate) fn counterpart(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_counterpart"));
    for (name, _) in std::env::vars() {
        if name.starts_with("COUNTERPART_") {
            command.env_remove(name);
        }
    }
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// How a command ended, with what it said.
pub(crate) fn run(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = counterpart(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("piped");
    // A command that reads nothing may be gone by now.
    drop(stdin.write_all(input.as_bytes()));
    drop(stdin);
    child.wait_with_output().expect("the binary ends")
}

/// The JSON result of a command that must succeed.
pub(crate) fn json(folder: &Path, arguments: &[&str], input: &str) -> Value {
    let mut all = arguments.to_vec();
    all.push("--json");
    let output = run(folder, &all, input);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "counterpart {arguments:?} failed: {said} {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_str(&said).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {said}"))
}
