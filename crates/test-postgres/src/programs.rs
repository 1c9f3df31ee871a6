//! Where PostgreSQL's programs are, and who may run them.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Folders in which distributions keep the programs, each below one folder per version.
const VERSIONED: [(&str, &str); 3] = [
    ("/usr/lib/postgresql", "bin"),
    ("/usr/local/lib/postgresql", "bin"),
    ("/opt/homebrew/opt", "bin"),
];

/// The folder with `initdb` and `postgres`: the one in `PATH`, else the newest of the places
/// where distributions put them.
pub(crate) fn folder() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&path).find(|folder| has_programs(folder));
    in_path.or_else(|| {
        VERSIONED
            .iter()
            .flat_map(|(parent, below)| versions(parent, below))
            .max_by_key(|(version, _)| *version)
            .map(|(_, folder)| folder)
    })
}

fn has_programs(folder: &Path) -> bool {
    folder.join("initdb").is_file() && folder.join("postgres").is_file()
}

fn versions(parent: &str, below: &str) -> Vec<(u32, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(parent) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let version = name.trim_start_matches("postgresql@").parse().ok()?;
            let folder = entry.path().join(below);
            has_programs(&folder).then_some((version, folder))
        })
        .collect()
}

/// A shell that runs `script` as a user whom PostgreSQL accepts: it refuses root.
pub(crate) fn unprivileged_shell(script: &str) -> Command {
    let mut command = if is_root() {
        let user = if exists("postgres") {
            "postgres"
        } else {
            "nobody"
        };
        let mut command = Command::new("setpriv");
        command.args([
            &format!("--reuid={user}"),
            &format!("--regid={}", group_of(user)),
            "--clear-groups",
            "sh",
        ]);
        command
    } else {
        Command::new("sh")
    };
    command.args(["-c", script, "sh"]);
    command
}

fn is_root() -> bool {
    // Whose process this is shows in the owner of its folder under /proc; elsewhere `id` knows.
    match std::fs::metadata("/proc/self") {
        Ok(own) => own.uid() == 0,
        Err(_) => output_of("id", &["-u"]).as_deref() == Some("0"),
    }
}

fn exists(user: &str) -> bool {
    output_of("id", &["-u", user]).is_some()
}

fn group_of(user: &str) -> String {
    output_of("id", &["-g", user]).unwrap_or_else(|| user.to_owned())
}

fn output_of(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
