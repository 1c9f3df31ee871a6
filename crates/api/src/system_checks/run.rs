//! `POST /connections/{connection_id}/system-check`

use axum::Json;
use counterpart_service::checks::PersonCheck;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::SystemCheck;
use crate::caller::Caller;
use crate::failure::{Failure, Result};
use crate::input::{OptionalBody, Path};
use crate::path::ConnectionPath;
use crate::runs::Run;

/// What to check.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WantedCheck {
    /// This person's account in the connection, instead of the connection itself.
    person_id: Option<Uuid>,
    /// With a person: also write one record under the account, read it back and take it away.
    #[serde(default)]
    canary: bool,
    /// Of the connection: begin a sync when the check allows it.
    #[serde(default)]
    sync: bool,
}

/// What a system check showed, and the sync that it began.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Checked {
    #[serde(flatten)]
    check: SystemCheck,
    /// The sync that brings the data up to date, if one was wanted and has begun.
    run: Option<Run>,
}

/// Checks everything that a connection has to do, by real calls, or one person's account there.
///
/// What the CRM cannot be asked is left out; what could not be asked, because something before it
/// failed, is `skipped`. The answer is 200 whatever the check shows: see its `result`. It is
/// kept for 90 days, at most 100 of one connection or account.
#[utoipa::path(
    post,
    path = "/connections/{connection_id}/system-check",
    tag = "System checks",
    request_body = Option<WantedCheck>,
    responses((status = 200, description = "What was looked at, and what it showed", body = Checked))
)]
pub(super) async fn run_system_check(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
    OptionalBody(wanted): OptionalBody<WantedCheck>,
) -> Result<Json<Checked>> {
    let Caller { service, actor } = &caller;
    let Some(person) = wanted.person_id else {
        if wanted.canary {
            return Err(Failure::malformed(
                "canary: it is written under somebody's account; say whose with person_id",
            ));
        }
        let (check, run) = if wanted.sync {
            let checked = service.check_and_update(actor, path.connection_id).await?;
            (checked.check, checked.run)
        } else {
            (service.check_system(actor, path.connection_id).await?, None)
        };
        return Ok(Json(Checked {
            check: check.into(),
            run: run.map(Run::from),
        }));
    };
    if wanted.sync {
        return Err(Failure::malformed(
            "sync: a check of one person begins none; leave one of the two out",
        ));
    }
    let wanted = PersonCheck {
        connection_id: path.connection_id,
        person_id: person.into(),
        canary: wanted.canary,
    };
    Ok(Json(Checked {
        check: service.check_person(actor, wanted).await?.into(),
        run: None,
    }))
}
