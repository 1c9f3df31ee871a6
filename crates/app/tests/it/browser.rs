//! The portal in a real browser: Chromium, driven by its WebDriver.
//!
//! Whatever is waited for is waited for by what the page shows, and never for longer than
//! [`visitor::PATIENCE`]. What cannot run fails, unless `COUNTERPART_SKIP` names `browser`.

mod axe;
mod demo;
mod driver;
mod first_mapping;
mod keyboard;
mod pages;
mod pictures;
mod sight;
mod tour;
mod visitor;

/// Whether the operator left the browser's tests out; then a notice says so.
fn is_skipped() -> bool {
    let skip = std::env::var("COUNTERPART_SKIP").unwrap_or_default();
    let skipped = skip.split([',', ' ']).any(|word| word == "browser");
    if skipped {
        eprintln!("the browser's tests are left out, because COUNTERPART_SKIP says so");
    }
    skipped
}
