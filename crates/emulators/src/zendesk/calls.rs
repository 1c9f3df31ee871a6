//! Voice: tickets of calls, and what pops up on an agent's screen.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::tickets::Draft;
use super::users::Someone;
use super::{Zendesk, errors};
use crate::answer::{Answer, ApiRequest};

/// Ways a voice ticket may have come in, with their channel.
const VIA: &[(u64, &str)] = &[
    (44, "Voicemail"),
    (45, "Inbound call"),
    (46, "Outbound call"),
];

impl Zendesk {
    /// `POST /channels/voice/tickets`.
    pub(crate) fn voice_ticket(&self, request: &ApiRequest) -> Result<Answer, Answer> {
        let body: Value =
            serde_json::from_slice(&request.body).map_err(|_| errors::bad_body("ticket"))?;
        let Some(ticket) = body["ticket"].as_object() else {
            return Err(errors::bad_body("ticket"));
        };
        let refused = |field: &'static str, text: &str| {
            Err(errors::invalid_record(&[(
                field,
                text.to_owned(),
                "InvalidValue",
            )]))
        };
        let shown_to = &body["display_to_agent"];
        if !shown_to.is_null() && !self.is_agent(shown_to) {
            return refused("display_to_agent", "Display to agent: is invalid");
        }
        let via = ticket.get("via_id").and_then(Value::as_u64);
        let Some((via, channel)) = via.and_then(|id| VIA.iter().find(|(known, _)| *known == id))
        else {
            return refused("via_id", "Via: must be 44, 45 or 46");
        };
        let voice = ticket.get("voice_comment");
        match voice {
            None if *via == 44 => {
                return refused("voice_comment", "Voice comment: cannot be blank");
            }
            Some(voice) => {
                for name in ["from", "to", "recording_url", "started_at", "call_duration"] {
                    if voice[name].is_null() && (name == "from" || name == "to" || *via == 44) {
                        return refused(
                            "voice_comment",
                            &format!("Voice comment: {name} cannot be blank"),
                        );
                    }
                }
            }
            None => {}
        }
        let source = voice.map_or_else(|| json!({}), |voice| {
            json!({ "from": { "phone": voice["from"] }, "to": { "phone": voice["to"] }, "rel": "voice" })
        });
        let via = json!({ "channel": "voice", "source": source, "name": channel });
        self.create(&Draft { ticket, via, voice })
    }

    fn is_agent(&self, id: &Value) -> bool {
        let id = id.to_string();
        let directory = self.core.directory();
        directory
            .find(&id)
            .is_some_and(crate::directory::User::is_active)
    }

    /// `POST /channels/voice/agents/{agent}/users/{user}/display` and the same with tickets.
    pub(crate) fn display(&self, agent: &str, what: &str, id: &str) -> Answer {
        let directory = self.core.directory();
        let has_agent = directory
            .find(agent)
            .is_some_and(crate::directory::User::is_active);
        let is_there = match what {
            "users" => Someone::find(&directory, &self.core.contacts(), id).is_some(),
            _ => self.core.records().find("ticket", id).is_some(),
        };
        if has_agent && is_there {
            Answer::empty(StatusCode::OK)
        } else {
            errors::not_found()
        }
    }
}
