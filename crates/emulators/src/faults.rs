//! Bad days at the press of a switch: what goes wrong, where, when and how often.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// What goes wrong. In JSON: `{"fault": "too_many_requests", "retry_after_seconds": 5}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// The credentials are refused in the vendor's words, though they are right.
    WrongCredentials,
    /// Every live access token is revoked just before the request is answered.
    ExpireToken,
    /// The connecting user lacks the right, in the vendor's words.
    MissingPermission,
    /// 429, with `Retry-After` when a number of seconds is given.
    TooManyRequests {
        /// The value of `Retry-After`; absent: no such header.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_seconds: Option<u32>,
    },
    /// The vendor's answer when the day's allowance is spent.
    QuotaExhausted,
    /// 500 in the vendor's words.
    ServerError,
    /// 503 in the vendor's words.
    Unavailable,
    /// A web page with status 200, as a sign-in or maintenance page would be.
    Html,
    /// 302 to another host.
    Redirect {
        /// The address in `Location`.
        #[serde(default = "elsewhere")]
        to: String,
    },
    /// The connection closes in the middle of the body.
    BreakOff,
    /// The body holds a byte that is not UTF-8.
    InvalidUtf8,
    /// The answer takes this much longer.
    Slow {
        /// Milliseconds.
        milliseconds: u64,
    },
    /// The `Date` header is off by this much.
    ClockSkew {
        /// Seconds ahead; negative: behind.
        seconds: i64,
    },
    /// The next page is the same page again.
    RepeatedCursor,
    /// The paging cursor is no longer known.
    ExpiredCursor,
    /// Ids come as numbers where they are text, and as text where they are numbers.
    IdType,
    /// The list stops short of the count it announces.
    TruncatedList,
    /// The list is empty.
    EmptyList,
    /// Only the first half of the list is there, and the counts agree with it.
    HalfPages,
    /// Pages hold half of what was asked for although more follow.
    ShortPages,
    /// A field is hidden from the connecting user (field-level security).
    HiddenField {
        /// The field's name in the vendor's spelling.
        field: String,
    },
}

fn elsewhere() -> String {
    "https://login.elsewhere.example/".to_owned()
}

/// Which requests a fault may act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultPlace {
    /// Signing in: the token endpoint, or the look-up that stands for it.
    Token,
    /// Lists of users.
    Users,
    /// Requests that make or change a record. `break_off` there means that the record is written
    /// and the answer lost.
    Write,
    /// Everything that needs a session, lists of users included.
    Api,
    /// Every request.
    Any,
}

/// A fault with where, when and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultSwitch {
    /// What goes wrong.
    #[serde(flatten)]
    pub fault: Fault,
    /// How many requests it acts on; absent: until it is cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<u32>,
    /// How many requests at the place pass unharmed first.
    #[serde(default)]
    pub after: u32,
    /// Only pages of a user list from this one on; the first page is 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_page: Option<u32>,
    /// Where it acts; absent: where the fault naturally occurs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<FaultPlace>,
}

impl FaultSwitch {
    /// The fault until it is cleared, where it naturally occurs.
    #[must_use]
    pub fn lasting(fault: Fault) -> Self {
        Self {
            fault,
            requests: None,
            after: 0,
            from_page: None,
            on: None,
        }
    }

    /// The fault for the next `requests` requests, where it naturally occurs.
    #[must_use]
    pub fn next(requests: u32, fault: Fault) -> Self {
        Self {
            requests: Some(requests),
            ..Self::lasting(fault)
        }
    }

    /// Only on pages of a user list from `page` on; the first page is 1.
    #[must_use]
    pub fn from_page(self, page: u32) -> Self {
        Self {
            from_page: Some(page),
            ..self
        }
    }

    /// Only after `requests` requests have passed unharmed.
    #[must_use]
    pub fn after(self, requests: u32) -> Self {
        Self {
            after: requests,
            ..self
        }
    }

    /// Only at this place.
    #[must_use]
    pub fn on(self, place: FaultPlace) -> Self {
        Self {
            on: Some(place),
            ..self
        }
    }

    fn acts_at(&self, place: Place) -> bool {
        if let Some(from) = self.from_page {
            return matches!(place, Place::Users { page } if page >= from);
        }
        match self.on.unwrap_or_else(|| self.fault.natural_place()) {
            FaultPlace::Token => place == Place::Token,
            FaultPlace::Users => matches!(place, Place::Users { .. }),
            FaultPlace::Write => place == Place::Write,
            FaultPlace::Api => place != Place::Token,
            FaultPlace::Any => true,
        }
    }
}

impl Fault {
    /// Where the fault occurs when nobody says otherwise.
    #[must_use]
    pub fn natural_place(&self) -> FaultPlace {
        match self {
            Self::WrongCredentials => FaultPlace::Token,
            Self::RepeatedCursor
            | Self::ExpiredCursor
            | Self::IdType
            | Self::TruncatedList
            | Self::EmptyList
            | Self::HalfPages
            | Self::ShortPages
            | Self::BreakOff
            | Self::InvalidUtf8 => FaultPlace::Users,
            _ => FaultPlace::Api,
        }
    }
}

/// What a request is for, as its provider sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Token,
    Users {
        page: u32,
    },
    /// Makes or changes a record.
    Write,
    Other,
}

/// The switches that are on.
#[derive(Debug, Default)]
pub(crate) struct FaultBoard(Mutex<Vec<FaultSwitch>>);

impl FaultBoard {
    pub(crate) fn add(&self, switch: FaultSwitch) {
        self.lock().push(switch);
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    pub(crate) fn list(&self) -> Vec<FaultSwitch> {
        self.lock().clone()
    }

    /// The faults that act on a request there, counted as used.
    pub(crate) fn take(&self, place: Place) -> Vec<Fault> {
        let mut taken = Vec::new();
        self.lock().retain_mut(|switch| {
            if !switch.acts_at(place) {
                return true;
            }
            if switch.after > 0 {
                switch.after -= 1;
                return true;
            }
            match &mut switch.requests {
                None => {}
                Some(0) => return false,
                Some(left) => *left -= 1,
            }
            taken.push(switch.fault.clone());
            switch.requests != Some(0)
        });
        taken
    }

    /// Whether this fault would act on the first page of a list of users now; counts nothing.
    pub(crate) fn would_act(&self, fault: &Fault) -> bool {
        self.lock().iter().any(|switch| {
            switch.fault == *fault && switch.after == 0 && switch.acts_at(Place::Users { page: 1 })
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<FaultSwitch>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counted_fault_is_gone_when_it_is_used_up() {
        let board = FaultBoard::default();
        board.add(FaultSwitch::next(2, Fault::ServerError));
        assert_eq!(board.take(Place::Token), []);
        assert_eq!(board.take(Place::Other), [Fault::ServerError]);
        assert_eq!(board.take(Place::Users { page: 1 }), [Fault::ServerError]);
        assert_eq!(board.take(Place::Other), []);
        assert!(board.list().is_empty());
    }

    #[test]
    fn a_fault_from_page_two_spares_page_one_and_everything_else() {
        let board = FaultBoard::default();
        board.add(FaultSwitch::lasting(Fault::ServerError).from_page(2));
        assert_eq!(board.take(Place::Users { page: 1 }), []);
        assert_eq!(board.take(Place::Other), []);
        assert_eq!(board.take(Place::Users { page: 2 }), [Fault::ServerError]);
        assert_eq!(board.take(Place::Users { page: 3 }), [Fault::ServerError]);
    }

    #[test]
    fn a_switch_reads_as_one_flat_json_object() {
        let switch: FaultSwitch = serde_json::from_str(
            r#"{"fault":"too_many_requests","retry_after_seconds":5,"requests":1,"on":"users"}"#,
        )
        .expect("the documented form");
        let expected = FaultSwitch::next(
            1,
            Fault::TooManyRequests {
                retry_after_seconds: Some(5),
            },
        )
        .on(FaultPlace::Users);
        assert_eq!(switch, expected);
    }
}
