//! axe-core, which looks for what keeps people with disabilities from using a page.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::visitor::Visitor;

/// What to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rules {
    /// Whatever axe knows.
    All,
    /// Whether words stand out from their ground: all that another scheme can change.
    Colours,
}

/// What axe, whose code is given, finds on the page as it is now, a line for each.
pub(super) async fn violations(visitor: &Visitor, axe: &str, rules: Rules) -> Vec<String> {
    let only = match rules {
        Rules::All => "",
        Rules::Colours => "runOnly: ['color-contrast'],",
    };
    let script = format!(
        "{axe};
        const done = arguments[arguments.length - 1];
        axe.run(document, {{ {only} resultTypes: ['violations'] }}).then(
            (found) => done(found.violations.flatMap((rule) => rule.nodes.map((node) =>
                `${{rule.id}} at ${{node.target.join(' ')}}: ${{node.failureSummary}}`))),
            (error) => done([String(error)]));"
    );
    let found = visitor.ask_later(&script).await;
    let found = found.as_array().expect("a list").iter();
    found
        .map(|line| {
            line.as_str()
                .map_or_else(|| Value::to_string(line), str::to_owned)
        })
        .collect()
}

/// axe's own code, from the packages that the build of the portal has installed.
pub(super) fn code() -> String {
    let file = packages().join("axe-core/axe.min.js");
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The folder of the packages: the one that the build was given, or that belongs to the lockfile.
fn packages() -> PathBuf {
    if let Some(folder) = std::env::var_os("WEB_ASSETS_DIR") {
        return folder.into();
    }
    let lockfile = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/package-lock.json");
    let wanted = std::fs::read(lockfile).expect("the portal's lockfile");
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../web-assets");
    let folders = std::fs::read_dir(kept).expect("the build of the portal installs packages");
    folders
        .map(|entry| entry.expect("an entry").path())
        .find(|folder| {
            let installed = std::fs::read(folder.join("package-lock.json"));
            installed.is_ok_and(|bytes| bytes == wanted) && folder.join("node_modules").is_dir()
        })
        .expect("the packages of this lockfile")
        .join("node_modules")
}
