//! The portal in a real browser: Chromium, driven by its driver.
//!
//! Whatever is waited for is waited for by what the page shows, and never for longer than
//! [`visitor::PATIENCE`]. What cannot run fails, unless `COUNTERPART_SKIP` names `browser`.

mod axe;
mod clicks;
mod demo;
mod driver;
mod first_mapping;
mod keyboard;
mod office;
mod pages;
mod pictures;
mod sight;
mod tour;
mod two_admins;
mod visitor;

fn is_skipped() -> bool {
    crate::component::is_skipped("browser")
}
