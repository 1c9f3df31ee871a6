//! Bad days: each ends in a class and a code, and none without an end.

use std::time::Duration;

use counterpart_model::Code;

use super::bench::{Bench, Stand, Trouble, TroubleAt, full, full_failure, unexpected};
use super::{Stop, expect};
use crate::{ConnectorError, ErrorClass};

async fn failure(
    stand: &dyn Stand,
    trouble: Trouble,
    why: &str,
) -> Result<(Box<dyn Bench>, ConnectorError), Stop> {
    let bench = stand.bench(10, None).await?;
    bench.trouble(trouble, TroubleAt::ALWAYS)?;
    let error = full_failure(bench.as_ref(), why).await?;
    let access = bench.access();
    for (name, secret) in access.credentials.iter() {
        let secret = secrecy::ExposeSecret::expose_secret(secret);
        expect(!error.to_string().contains(secret), || {
            format!("the message holds {name}")
        })?;
    }
    Ok((bench, error))
}

fn expect_code(error: &ConnectorError, code: Code, what: &str) -> Result<(), Stop> {
    expect(error.code() == code, || unexpected(what, error))
}

pub(super) async fn too_many_requests_are_waited_for(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(10, None).await?;
    bench.trouble(Trouble::TooManyRequests(Some(7)), TroubleAt::ONCE)?;
    full(bench.as_ref()).await?;
    let pauses = bench.pauses();
    expect(pauses == [Duration::from_secs(7)], || {
        format!("waited {pauses:?} instead of 7 s")
    })?;
    bench.trouble(Trouble::TooManyRequests(None), TroubleAt::ONCE)?;
    full(bench.as_ref()).await?;
    expect(bench.pauses().len() == 2, || {
        "not waited where no time was named".to_owned()
    })
}

pub(super) async fn too_many_requests_for_good_are_reported(stand: &dyn Stand) -> Result<(), Stop> {
    let trouble = Trouble::TooManyRequests(Some(3_600));
    let (bench, error) = failure(stand, trouble, "only 429 was answered").await?;
    expect_code(&error, Code::ConnectionRateLimited, "an hour's wait")?;
    expect(error.retry_after() == Some(Duration::from_hours(1)), || {
        format!("the wait is reported as {:?}", error.retry_after())
    })?;
    expect(bench.pauses().is_empty(), || {
        format!("waited {:?} inside a call", bench.pauses())
    })?;
    let (bench, error) = failure(stand, Trouble::TooManyRequests(None), "only 429").await?;
    expect(
        matches!(error.class(), ErrorClass::RateLimited { .. }),
        || unexpected("429", &error),
    )?;
    let waits = bench.pauses().len();
    expect((1..10).contains(&waits), || {
        format!("repeated {waits} times")
    })
}

pub(super) async fn a_server_error_passes(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(10, None).await?;
    bench.trouble(Trouble::ServerError, TroubleAt::ONCE)?;
    let seen = full(bench.as_ref()).await?;
    let expected = bench.expected_ids().len();
    expect(seen.users.len() == expected, || {
        format!(
            "{} users instead of {expected} after a server error",
            seen.users.len()
        )
    })
}

pub(super) async fn a_lasting_server_error_is_reported(stand: &dyn Stand) -> Result<(), Stop> {
    let (bench, error) = failure(stand, Trouble::ServerError, "only errors came").await?;
    expect_code(&error, Code::ConnectionUnavailable, "a server error")?;
    expect(error.is_passing(), || {
        "it is not said that it may pass".to_owned()
    })?;
    let waits = bench.pauses().len();
    expect((1..10).contains(&waits), || {
        format!("repeated {waits} times")
    })
}

pub(super) async fn an_ended_session_is_renewed(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(40, Some(20)).await?;
    full(bench.as_ref()).await?;
    bench.trouble(Trouble::SessionEnds, TroubleAt::ONCE)?;
    let seen = full(bench.as_ref()).await?;
    let expected = bench.expected_ids().len();
    expect(seen.users.len() == expected, || {
        format!(
            "{} users instead of {expected} after a renewal",
            seen.users.len()
        )
    })?;
    bench.trouble(Trouble::SessionEnds, TroubleAt::ALWAYS)?;
    let error = full_failure(bench.as_ref(), "every session ended at once").await?;
    expect(*error.class() == ErrorClass::Auth, || {
        unexpected("a session that ends at once", &error)
    })
}

pub(super) async fn a_web_page_is_no_answer(stand: &dyn Stand) -> Result<(), Stop> {
    let (_, error) = failure(stand, Trouble::WebPage, "a web page came").await?;
    expect(*error.class() == ErrorClass::Malformed, || {
        unexpected("a web page", &error)
    })?;
    expect_code(&error, Code::ConnectionUnexpectedAnswer, "a web page")
}

pub(super) async fn a_redirect_is_not_followed(stand: &dyn Stand) -> Result<(), Stop> {
    let (_, error) = failure(stand, Trouble::Redirect, "a redirect came").await?;
    expect_code(&error, Code::ConnectionRedirected, "a redirect")
}

pub(super) async fn a_broken_answer_is_asked_for_again(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(10, None).await?;
    bench.trouble(Trouble::BreakOff, TroubleAt::ONCE)?;
    let seen = full(bench.as_ref()).await?;
    let expected = bench.expected_ids().len();
    expect(seen.users.len() == expected, || {
        format!(
            "{} users instead of {expected} after a broken answer",
            seen.users.len()
        )
    })
}

pub(super) async fn an_answer_that_always_breaks_is_reported(
    stand: &dyn Stand,
) -> Result<(), Stop> {
    let (_, error) = failure(stand, Trouble::BreakOff, "every answer broke off").await?;
    expect_code(&error, Code::ConnectionBrokenOff, "a broken answer")?;
    expect(error.is_passing(), || {
        "it is not said that it may pass".to_owned()
    })
}

pub(super) async fn damaged_text_is_reported(stand: &dyn Stand) -> Result<(), Stop> {
    let (_, error) = failure(stand, Trouble::InvalidText, "the text was damaged").await?;
    expect_code(&error, Code::ConnectionInvalidText, "damaged text")
}

pub(super) async fn ids_of_another_type_are_refused(stand: &dyn Stand) -> Result<(), Stop> {
    let (_, error) = failure(stand, Trouble::IdType, "ids had another type").await?;
    expect_code(&error, Code::ConnectionIdInvalid, "ids of another type")
}

pub(super) async fn wrong_credentials_are_reported(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(10, None).await?;
    bench.forget_session().await;
    bench.trouble(Trouble::WrongCredentials, TroubleAt::ALWAYS)?;
    let error = full_failure(bench.as_ref(), "the credentials were refused").await?;
    expect(*error.class() == ErrorClass::Auth, || {
        unexpected("wrong credentials", &error)
    })?;
    expect_code(&error, Code::ConnectionUnauthorized, "wrong credentials")
}

pub(super) async fn a_missing_permission_is_reported(stand: &dyn Stand) -> Result<(), Stop> {
    let (bench, error) = failure(stand, Trouble::MissingPermission, "it was not allowed").await?;
    expect_code(&error, Code::ConnectionForbidden, "a missing permission")?;
    expect(bench.pauses().is_empty(), || "it was repeated".to_owned())
}

pub(super) async fn a_spent_quota_is_reported(stand: &dyn Stand) -> Result<(), Stop> {
    let (_, error) = failure(stand, Trouble::QuotaExhausted, "the quota was spent").await?;
    // Some providers have one answer for "too fast" and for "spent".
    let fits = matches!(
        error.class(),
        ErrorClass::QuotaExhausted | ErrorClass::RateLimited { .. }
    );
    expect(fits, || unexpected("a spent quota", &error))?;
    expect(error.is_passing(), || {
        "it is not said that it will pass".to_owned()
    })
}
