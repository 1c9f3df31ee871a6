//! Writing records under their owners, changing them, taking them away.

use counterpart_manifest::{Activity as Described, DeliveryTier, RequestTemplate, WrittenId};
use counterpart_model::activity::{About, Activity, ActivityKind, Direction, Owner};
use counterpart_outbound::Request;
use serde_json::Value;

use super::ManifestConnector;
use super::about::nearest;
use super::call::Call;
use super::classify::Answer;
use super::inputs::Inputs;
use super::look_ups::Found;
use super::our_key::uuid_of;
use super::render;
use crate::{Access, Attempt, ConnectorError, ErrorClass, SessionState, Written};

/// The inputs that say what a record is about; few records are about all of them.
const ABOUT: [&str; 4] = ["contact_id", "lead_id", "company_id", "ticket_id"];

/// A write that is to be sent: the record, how the manifest describes it, and whether it is done
/// in its owner's name.
#[derive(Clone, Copy)]
struct Write<'a> {
    described: &'a Described,
    activity: &'a Activity,
    record_id: Option<&'a str>,
    /// What was looked up for it.
    found: &'a Found,
    impersonated: bool,
}

impl ManifestConnector {
    /// Writes a record and reads its owner back.
    pub(super) async fn write(
        &self,
        access: &Access<'_>,
        activity: &Activity,
        attempt: Attempt,
    ) -> Result<Written, ConnectorError> {
        let described = self.described(access, activity.kind)?;
        self.check_needs(described, activity)?;
        let tier = described.delivery.unwrap_or(self.manifest.delivery);
        // Who can write once by a key and can find it looks too: writing again would undo what
        // people have changed since.
        if attempt == Attempt::Again
            && (tier != DeliveryTier::A || described.find.is_some())
            && let Some(id) = self.written_before(access, described, activity).await?
        {
            return self.finish(access, described, activity, id, false).await;
        }
        let found = self
            .looked_up(access, described, activity, &described.write)
            .await?;
        let write = Write {
            described,
            activity,
            record_id: None,
            found: &found,
            impersonated: described.impersonate,
        };
        let (answer, impersonated) = self.send_write(access, write, &described.write).await?;
        let id = written_id(&described.id, &answer).ok_or_else(|| {
            ConnectorError::new(
                ErrorClass::Malformed,
                format!("writing a {}: the answer names no id", described.title),
            )
            .unknown_outcome()
        })?;
        self.finish(access, described, activity, id, impersonated)
            .await
    }

    /// Ties a record to what it is about, and reads its owner back.
    async fn finish(
        &self,
        access: &Access<'_>,
        described: &Described,
        activity: &Activity,
        id: String,
        impersonated: bool,
    ) -> Result<Written, ConnectorError> {
        let write = Write {
            described,
            activity,
            record_id: Some(&id),
            found: &Found::new(),
            impersonated: false,
        };
        let mut untied = None;
        for request in &described.then {
            // What is not known cannot be tied to.
            let inputs = self.inputs_of(access, write, None);
            let unknown = |name: &str| ABOUT.contains(&name) && inputs.get(name).is_none();
            if request.path.inputs().any(unknown) {
                continue;
            }
            if let Err(error) = self.send_write(access, write, request).await {
                untied = Some(error);
                break;
            }
        }
        let owner = self.owner_read_back(access, described, activity, &id).await;
        let link = self.linked(described.link.as_ref(), access.settings, "record_id", &id);
        Ok(Written {
            id,
            link,
            owner,
            untied,
            impersonated,
        })
    }

    /// Changes a record that was written before.
    pub(super) async fn update(
        &self,
        access: &Access<'_>,
        id: &str,
        activity: &Activity,
    ) -> Result<(), ConnectorError> {
        let described = self.described(access, activity.kind)?;
        let Some(request) = &described.update else {
            return Err(self.cannot("change what was written"));
        };
        let found = self.looked_up(access, described, activity, request).await?;
        let write = Write {
            described,
            activity,
            record_id: Some(id),
            found: &found,
            impersonated: described.impersonate,
        };
        self.send_write(access, write, request).await?;
        Ok(())
    }

    /// Takes a record away.
    pub(super) async fn delete(
        &self,
        access: &Access<'_>,
        kind: ActivityKind,
        id: &str,
        about: &About,
    ) -> Result<(), ConnectorError> {
        let described = self.described(access, kind)?;
        let Some(request) = &described.delete else {
            return Err(self.cannot("take away what was written"));
        };
        let extras = self.of_record(described, id, about);
        let what = format!("deleting a {}", described.title);
        let call = Call {
            extras: &extras,
            may_be_empty: true,
            ..Call::of(request, &what)
        };
        match self.call(access, call).await {
            Err(error) if *error.class() == ErrorClass::NotFound => Ok(()),
            answer => answer.map(drop),
        }
    }

    pub(super) fn described(
        &self,
        access: &Access<'_>,
        kind: ActivityKind,
    ) -> Result<&Described, ConnectorError> {
        self.manifest
            .activity_of(kind, access.settings)
            .ok_or_else(|| self.cannot(&format!("take a {}", kind.as_str().replace('_', " "))))
    }

    fn check_needs(
        &self,
        described: &Described,
        activity: &Activity,
    ) -> Result<(), ConnectorError> {
        let about = &activity.about;
        let missing = described.needs.iter().find(|name| match name.as_str() {
            "contact_id" => about.contact_id.is_none(),
            "lead_id" => about.lead_id.is_none(),
            "company_id" => about.company_id.is_none(),
            "ticket_id" => about.ticket_id.is_none(),
            "about_id" => nearest(about).is_none(),
            "remote_number" => activity.remote_number.is_none(),
            "direction" => activity.direction.is_none(),
            _ => false,
        });
        if let Some(name) = missing {
            return Err(ConnectorError::new(
                ErrorClass::Unsupported,
                format!(
                    "a {} in {} needs {}; it cannot be written without",
                    described.title,
                    self.manifest.title,
                    name.replace('_', " ")
                ),
            ));
        }
        let kind = described.owner_id.as_deref();
        if activity.owner.id_of_kind(kind).is_none() {
            return Err(ConnectorError::new(
                ErrorClass::NotFound,
                format!(
                    "the user {} has no {} in {}, which a {} belongs to",
                    activity.owner.id,
                    kind.unwrap_or("id"),
                    self.manifest.title,
                    described.title
                ),
            ));
        }
        Ok(())
    }

    /// Sends a request that writes: once, unless nothing can have happened by it. In its owner's
    /// name first, where that is wanted; in ours when that is refused and the manifest says so.
    async fn send_write(
        &self,
        access: &Access<'_>,
        write: Write<'_>,
        template: &RequestTemplate,
    ) -> Result<(Answer, bool), ConnectorError> {
        let what = format!("writing a {}", write.described.title);
        let call = Call {
            may_be_empty: true,
            ..Call::of(template, &what)
        };
        let mut write = write;
        let mut session = self.session_if_any(access).await?;
        let mut renewed = false;
        loop {
            let request = self.write_request(access, call, write, session.as_ref())?;
            let error = match self.send(access, call, request).await {
                Ok(answer) => return Ok((answer, write.impersonated)),
                Err(error) => error,
            };
            let falls_back = self
                .manifest
                .impersonation
                .as_ref()
                .is_some_and(|how| how.fall_back);
            match error.class() {
                ErrorClass::Auth if session.is_some() && !renewed => {
                    renewed = true;
                    session = Some(self.renew(access, session.as_ref()).await?);
                }
                ErrorClass::Forbidden { .. } if write.impersonated && falls_back => {
                    write.impersonated = false;
                }
                _ => return Err(error.of_a_write()),
            }
        }
    }

    fn write_request(
        &self,
        access: &Access<'_>,
        call: Call<'_>,
        write: Write<'_>,
        session: Option<&SessionState>,
    ) -> Result<Request, ConnectorError> {
        let inputs = self.inputs_of(access, write, session);
        let mut request = self.rendered(access, call, &inputs, session)?;
        if let (Some(hook), Some(body)) = (self.hooks.build_activity, &call.template.json) {
            let built = hook(
                render::json(body, &inputs).unwrap_or(Value::Null),
                write.activity,
            )
            .map_err(|reason| {
                ConnectorError::new(ErrorClass::Permanent, format!("{}: {reason}", call.what))
            })?;
            request = request.json(&built);
        }
        if let Some(how) = self
            .manifest
            .impersonation
            .as_ref()
            .filter(|_| write.impersonated)
        {
            let owner = write.activity.owner.id_of_kind(how.owner_id.as_deref());
            let mut inputs = Inputs::new(&self.manifest, access, session);
            inputs.set_text("owner", owner);
            request = render::with_headers(request, &how.headers, &inputs);
        }
        Ok(request)
    }

    /// The inputs of a write.
    fn inputs_of<'a>(
        &'a self,
        access: &Access<'_>,
        write: Write<'a>,
        session: Option<&SessionState>,
    ) -> Inputs<'a> {
        let Write {
            described,
            activity,
            ..
        } = write;
        let mut inputs = Inputs::new(&self.manifest, access, session).under(&described.inputs);
        let id_type = self.manifest.users.id.id_type;
        let kind = described.owner_id.as_deref();
        let owner: &Owner = &activity.owner;
        inputs.set_id("owner", owner.id_of_kind(kind), id_type);
        inputs.set_text("owner_username", owner.username.as_deref());
        inputs.set_text("owner_email", owner.email.as_deref());
        let name = [&owner.display_name, &owner.username, &owner.email];
        let name = name.into_iter().flatten().next().unwrap_or(&owner.id.0);
        inputs.set_text("owner_name", Some(name));
        inputs.set_text("our_key", Some(&activity.key));
        inputs.set_text("our_uuid", Some(&uuid_of(activity.kind, &activity.key)));
        inputs.set_text("record_id", write.record_id);
        let about = &activity.about;
        inputs.set_text("contact_id", about.contact_id.as_deref());
        inputs.set_text("lead_id", about.lead_id.as_deref());
        inputs.set_text("company_id", about.company_id.as_deref());
        inputs.set_text("ticket_id", about.ticket_id.as_deref());
        if let Some((kind, id)) = nearest(about) {
            inputs.set_text("about_id", Some(id));
            inputs.set_word("about_kind", Some(kind.as_str()));
        }
        inputs.set_text("subject", Some(&activity.subject));
        let text = Some(&activity.text).filter(|text| !text.trim().is_empty());
        inputs.set_text("text", Some(text.unwrap_or(&activity.subject)));
        inputs.set_word("direction", activity.direction.map(Direction::as_str));
        let outcome = activity.outcome;
        inputs.set_word(
            "outcome",
            outcome.map(counterpart_model::activity::Outcome::as_str),
        );
        let seconds = activity.duration_seconds;
        inputs.set_time("started_at", activity.started_at);
        inputs.set_time(
            "ended_at",
            activity.started_at.plus_seconds(i64::from(seconds)),
        );
        inputs.set_length("duration", seconds);
        let (remote, own) = (
            activity.remote_number.as_deref(),
            activity.own_number.as_deref(),
        );
        inputs.set_text("remote_number", remote);
        inputs.set_text("own_number", own);
        let (from, to) = match activity.direction {
            Some(Direction::Outbound) => (own, remote),
            _ => (remote, own),
        };
        inputs.set_text("from_number", from);
        inputs.set_text("to_number", to);
        inputs.set_text("recording_url", activity.recording_url.as_deref());
        let ended_at = activity.started_at.plus_seconds(i64::from(seconds));
        for (name, rule) in self.manifest.inputs.iter().chain(&described.inputs) {
            match rule.of.as_deref() {
                Some("started_at") => inputs.set_time(name, activity.started_at),
                Some("ended_at") => inputs.set_time(name, ended_at),
                _ => {}
            }
        }
        for (name, value) in write.found {
            inputs.set(name, value.clone());
        }
        inputs
    }
}

/// The id that the answer to a write names.
fn written_id(place: &WrittenId, answer: &Answer) -> Option<String> {
    let body = answer.json.as_ref();
    match place {
        WrittenId::Pointer(pointer) => pointer.text(body?),
        WrittenId::OneOf(pointers) => pointers.iter().find_map(|pointer| pointer.text(body?)),
        WrittenId::Header(name) => {
            let address = answer.header(name)?.trim_end_matches('/');
            let last = address.rsplit('/').next()?;
            let inner = last.split_once('(').map_or(last, |(_, inner)| inner);
            let id = inner.trim_end_matches(')').split(['?', '#']).next()?;
            Some(id.to_owned()).filter(|id| !id.is_empty())
        }
    }
}
