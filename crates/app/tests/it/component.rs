//! What a test needs besides this repository, and may be told to do without.

/// Whether `COUNTERPART_SKIP` names the component, so that its tests are left out; then a notice
/// says so. A component that is missing and not named makes its tests fail.
#[expect(clippy::print_stderr, reason = "a test reports there")]
pub(crate) fn is_skipped(component: &str) -> bool {
    let skip = std::env::var("COUNTERPART_SKIP").unwrap_or_default();
    let skipped = skip.split([',', ' ']).any(|word| word == component);
    if skipped {
        eprintln!("left out, because COUNTERPART_SKIP names {component}");
    }
    skipped
}
