//! What Kylas needs beyond its manifest: a number's calling code stands apart from the number.

use counterpart_connector::{Hooks, PulledUser};
use serde_json::Value;

/// The hooks that the manifest names.
pub(crate) fn hooks() -> Hooks {
    Hooks {
        map_user: Some(map_user),
        ..Hooks::default()
    }
}

/// Puts the numbers of a user together: `+91` and `8980598766`.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the type of the hook, which may find a record unusable"
)]
fn map_user(row: &Value, mut user: PulledUser) -> Result<PulledUser, String> {
    let numbers = row["phoneNumbers"].as_array().into_iter().flatten();
    user.profile.phones = numbers
        .filter_map(|number| {
            let value = number["value"].as_str()?.trim();
            let code = number["dialCode"].as_str().unwrap_or_default();
            (!value.is_empty()).then(|| format!("{code}{value}"))
        })
        .collect();
    Ok(user)
}
