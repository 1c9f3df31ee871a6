//! Brings the portal's style sheets and browser modules into the binary.
//!
//! Modules come from npm, as `package-lock.json` says, and are kept by the lockfile's hash beside
//! the build's profiles, so that they are fetched once per lockfile and not per build.
//! `WEB_ASSETS_DIR` names a folder in which they are already, laid out like `node_modules`, for
//! builds without a network.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest as _, Sha256};

/// What the browser modules are called here, and where they stand among the packages.
const MODULES: [(&str, &str); 4] = [
    ("htmx.js", "htmx.org/dist/htmx.min.js"),
    ("htmx-sse.js", "htmx.org/dist/ext/hx-sse.min.js"),
    (
        "auto-complete.js",
        "@github/auto-complete-element/dist/bundle.js",
    ),
    (
        "relative-time.js",
        "@github/relative-time-element/dist/bundle.js",
    ),
];

/// Our own style sheets, in the order in which they apply; they become one.
const STYLES: [&str; 4] = ["tokens.css", "base.css", "components.css", "pages.css"];

/// Our own files that are served as they are.
const OWN: [&str; 2] = ["portal.js", "icon.svg"];

/// The files that decide which modules there are.
const LOCKED: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];

#[expect(
    clippy::print_stderr,
    reason = "cargo shows what a build script prints there"
)]
fn main() {
    if let Err(problem) = run() {
        eprintln!("error: {problem}");
        std::process::exit(1);
    }
}

fn run() -> Result<(), String> {
    let here = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(variable("OUT_DIR")?);
    println!("cargo:rerun-if-changed=assets");
    println!("cargo:rerun-if-env-changed=WEB_ASSETS_DIR");
    for file in LOCKED {
        println!("cargo:rerun-if-changed={file}");
    }
    let packages = match env::var_os("WEB_ASSETS_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => installed(&here, &out)?,
    };
    let mut assets = Vec::new();
    let mut style = Vec::new();
    for name in STYLES {
        style.extend(read(&here.join("assets").join(name))?);
    }
    assets.push(("portal.css", style));
    for name in OWN {
        assets.push((name, read(&here.join("assets").join(name))?));
    }
    for (name, path) in MODULES {
        assets.push((name, without_source_map(read(&packages.join(path))?)));
    }
    fs::write(out.join("assets.rs"), table(&assets, &out)?)
        .map_err(|error| format!("{} cannot be written: {error}", out.display()))
}

/// The folder of the packages that the lockfile names, installed if they are not yet.
fn installed(here: &Path, out: &Path) -> Result<PathBuf, String> {
    let mut hash = Sha256::new();
    for file in LOCKED {
        hash.update(read(&here.join(file))?);
    }
    let kept = target_folder(out).join("web-assets");
    let folder = kept.join(short(&hash.finalize()));
    let packages = folder.join("node_modules");
    if packages.is_dir() {
        return Ok(packages);
    }
    let fresh = kept.join(format!("new-{}", std::process::id()));
    let create = |problem: std::io::Error| format!("{} cannot be made: {problem}", fresh.display());
    fs::create_dir_all(&fresh).map_err(create)?;
    for file in LOCKED {
        fs::copy(here.join(file), fresh.join(file)).map_err(create)?;
    }
    let npm = Command::new("npm")
        .args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ])
        .current_dir(&fresh)
        .output()
        .map_err(|error| {
            format!(
                "`npm` does not start ({error}); install Node.js 18 or newer, or set \
                 WEB_ASSETS_DIR to a node_modules folder that holds what crates/web/package.json \
                 names"
            )
        })?;
    if !npm.status.success() {
        return Err(format!(
            "`npm ci` failed; check the network and npm's registry setting, or set \
             WEB_ASSETS_DIR:\n{}",
            String::from_utf8_lossy(&npm.stderr)
        ));
    }
    match fs::rename(&fresh, &folder) {
        Ok(()) => Ok(packages),
        // Another build was faster; what it installed is the same.
        Err(_) if packages.is_dir() => {
            drop(fs::remove_dir_all(&fresh));
            Ok(packages)
        }
        Err(error) => Err(format!("{} cannot be kept: {error}", folder.display())),
    }
}

/// Cargo's target folder: the one above `OUT_DIR` that carries its tag.
fn target_folder(out: &Path) -> PathBuf {
    out.ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").is_file())
        .map_or_else(|| out.to_owned(), Path::to_owned)
}

/// Rust code: one constant with the address of each asset, and the table of all.
fn table(assets: &[(&str, Vec<u8>)], out: &Path) -> Result<String, String> {
    let mut code = String::new();
    let mut rows = String::new();
    for (name, bytes) in assets {
        let (stem, ending) = name
            .split_once('.')
            .ok_or("an asset's name lacks its ending")?;
        let hashed = format!("{stem}-{}.{ending}", short(&Sha256::digest(bytes)));
        let constant = name.to_uppercase().replace(['-', '.'], "_");
        write_to(&out.join(name), bytes)?;
        write_to(&out.join(format!("{name}.gz")), &gzip(bytes)?)?;
        let content_type = match ending {
            "css" => "text/css; charset=utf-8",
            "svg" => "image/svg+xml",
            _ => "text/javascript; charset=utf-8",
        };
        let line = writeln!(
            code,
            "pub(crate) const {constant}: &str = \"/assets/{hashed}\";"
        );
        let row = writeln!(
            rows,
            "    Asset {{ name: \"{hashed}\", content_type: \"{content_type}\", plain: \
             include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\")), gzipped: \
             include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}.gz\")) }},"
        );
        line.and(row).map_err(|error| error.to_string())?;
    }
    Ok(format!("{code}\nstatic ASSETS: &[Asset] = &[\n{rows}];\n"))
}

/// Source maps are not served, so nothing should ask for them.
fn without_source_map(bytes: Vec<u8>) -> Vec<u8> {
    const MARK: &[u8] = b"//# sourceMappingURL=";
    match bytes.windows(MARK.len()).rposition(|window| window == MARK) {
        Some(at) => bytes[..at].to_vec(),
        None => bytes,
    }
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .map_err(|error| error.to_string())
}

fn short(hash: &[u8]) -> String {
    hash.iter().take(8).fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|error| format!("{name}: {error}"))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

fn write_to(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("{} cannot be written: {error}", path.display()))
}
