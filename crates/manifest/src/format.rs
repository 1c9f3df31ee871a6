//! How vendors spell times, lengths and our closed words.

use schemars::JsonSchema;
use serde::Deserialize;

/// How an instant is spelled. All are UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimeFormat {
    /// `2026-01-05T10:11:12Z`.
    Rfc3339,
    /// `2026-01-05T10:11:12.345Z`.
    Rfc3339Millis,
    /// `2026-01-05T10:11:12+00:00`.
    Rfc3339Offset,
    /// `Mon, 05 Jan 2026 10:11:12 GMT` (RFC 9110).
    HttpDate,
    /// Seconds since 1970.
    UnixSeconds,
    /// Milliseconds since 1970.
    UnixMillis,
    /// `2026-01-05 10:11:12`, UTC without saying so.
    Plain,
    /// `2026-01-05T10:11:12`, UTC without saying so.
    PlainT,
    /// `2026-01-05`.
    Date,
    /// `10:11:12`.
    Time,
}

/// How a length of time is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LengthFormat {
    /// Whole seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Whole minutes, begun ones counting.
    Minutes,
    /// Minutes with two decimals.
    DecimalMinutes,
    /// Hours with two decimals, rounded up.
    DecimalHours,
    /// `02:05`: minutes, which may be more than 59, and seconds.
    MmSs,
    /// `00:05`: hours and minutes, begun ones counting.
    HhMm,
    /// `00:02:05`.
    HhMmSs,
}
