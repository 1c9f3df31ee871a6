//! `PageSize` and `PageNumber`, and filters by name.

use serde_json::{Value, json};

use super::envelope::{invalid, paged};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::faults::{Fault, Place};

/// Rows of a page that asks for no number; not stated by the vendor.
const USUAL: usize = 50;

/// The most rows of a page; not stated by the vendor.
const MOST: usize = 1000;

/// Which page of what size.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    number: usize,
    size: usize,
}

/// The first query parameter of this name in any case; empty ones are none.
pub(crate) fn parameter<'a>(request: &'a ApiRequest, name: &str) -> Option<&'a str> {
    let mut all = request.query.iter();
    all.find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_empty())
        .map(|(_, value)| value.as_str())
}

/// A parameter that must be of a type, when it is there.
pub(crate) fn typed<T: std::str::FromStr>(
    request: &ApiRequest,
    name: &str,
) -> Result<Option<T>, Box<Answer>> {
    let Some(text) = parameter(request, name) else {
        return Ok(None);
    };
    let value = text.to_lowercase().parse().or_else(|_| text.parse());
    value
        .map(Some)
        .map_err(|_| invalid(&[format!("The value '{text}' is not valid for {name}.")]).into())
}

impl Page {
    /// From the query.
    pub(crate) fn of(request: &ApiRequest) -> Result<Self, Box<Answer>> {
        let number = typed(request, "PageNumber")?.unwrap_or(1);
        let size = typed(request, "PageSize")?.unwrap_or(USUAL);
        Ok(Self::bounded(number, size))
    }

    /// From the body of a search.
    pub(crate) fn of_body(body: &Value) -> Self {
        let number = |name: &str| body[name].as_u64().and_then(|n| usize::try_from(n).ok());
        Self::bounded(
            number("PageNumber").unwrap_or(1),
            number("PageSize").unwrap_or(USUAL),
        )
    }

    /// Zero counts as not given; more than the most is the most.
    fn bounded(number: usize, size: usize) -> Self {
        Self {
            number: number.max(1),
            size: if size == 0 { USUAL } else { size.min(MOST) },
        }
    }

    /// The page of what was found.
    pub(crate) fn cut<T>(self, core: &Core, found: &[T], row: impl Fn(&T) -> Value) -> Answer {
        let size = core.page_size(self.size);
        let from = (self.number - 1).saturating_mul(size);
        let rows: Vec<Value> = found.iter().skip(from).take(size).map(row).collect();
        paged(&rows, found.len())
    }

    /// The page of a list of users, on which the faults of a list act.
    pub(crate) fn cut_users<T>(
        self,
        core: &Core,
        request: &ApiRequest,
        mut found: Vec<T>,
        row: impl Fn(&T) -> Value,
    ) -> Answer {
        if request.suffers(&Fault::EmptyList) {
            found.clear();
        }
        if request.suffers(&Fault::HalfPages) {
            found.truncate(found.len() / 2);
        }
        let mut size = core.page_size(self.size);
        if request.suffers(&Fault::ShortPages) {
            size = (size / 2).max(1);
        }
        // A page number is no cursor; what it can do is to be answered with the first page for good.
        let repeated = request.suffers(&Fault::RepeatedCursor);
        let from = if repeated {
            0
        } else {
            (self.number - 1).saturating_mul(size)
        };
        let mut rows: Vec<Value> = found.iter().skip(from).take(size).map(row).collect();
        if request.suffers(&Fault::TruncatedList) {
            rows.truncate(rows.len() / 2);
        }
        if request.suffers(&Fault::IdType) {
            for row in &mut rows {
                row["Id"] = json!(row["Id"].to_string());
            }
        }
        paged(&rows, found.len())
    }
}

/// Which page of users a request asks for.
pub(crate) fn place(request: &ApiRequest) -> Place {
    let number = parameter(request, "PageNumber").and_then(|text| text.parse().ok());
    Place::Users {
        page: number.unwrap_or(1).max(1),
    }
}
