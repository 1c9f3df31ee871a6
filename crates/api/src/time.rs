//! Instants as the API writes and reads them.

use counterpart_model::{Period, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::failure::{Failure, Result};

/// An instant in RFC 3339, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = DateTime, example = "2026-11-22T09:30:00Z")]
pub(crate) struct Moment(Timestamp);

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

impl From<Moment> for Timestamp {
    fn from(moment: Moment) -> Self {
        moment.0
    }
}

/// An end of a period: an instant in RFC 3339, or `always` (before every instant) or `forever`
/// (after every instant).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, example = "forever")]
pub(crate) struct Boundary(Timestamp);

impl From<Timestamp> for Boundary {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

impl From<Boundary> for Timestamp {
    fn from(boundary: Boundary) -> Self {
        boundary.0
    }
}

/// The period from `from` (always, if nothing is said) until just before `to` (forever).
pub(crate) fn period(from: Option<Boundary>, to: Option<Boundary>) -> Result<Period> {
    Period::new(
        from.map_or(Timestamp::ALWAYS, Timestamp::from),
        to.map_or(Timestamp::FOREVER, Timestamp::from),
    )
    .map_err(|error| Failure::field("to", error.to_string()))
}
