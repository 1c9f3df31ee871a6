//! Testing a connection: which organization, as whom, and what every probe shows.

use counterpart_manifest::setup::OrgValue;
use counterpart_manifest::{Need, Probe, RequestTemplate, SandboxRule};
use counterpart_model::connection::RemoteOrg;
use counterpart_model::{Code, Environment};
use serde_json::Value;

use super::ManifestConnector;
use super::call::Call;
use super::classify::Answer;
use super::inputs::Inputs;
use super::render;
use super::seen::Seen;
use super::tables::can_be_missed;
use crate::{
    Access, CheckReport, ConnectorError, ErrorClass, ProbeOutcome, ProbeResult, SessionState,
};

impl ManifestConnector {
    /// Tests a connection.
    pub(super) async fn check_connection(
        &self,
        access: &Access<'_>,
    ) -> Result<CheckReport, ConnectorError> {
        let manifest = &self.manifest;
        let answer = self.ask_org(access).await?;
        let session = self.session_if_any(access).await?;
        let body = answer.as_ref().and_then(|answer| answer.json.as_ref());
        let org = self.org(access, session.as_ref(), body)?;
        let mut seen = Seen::new(self, access, session.as_ref());
        seen.look_at(answer.as_ref(), access.clock.now());
        let mut probes = Vec::new();
        for probe in &manifest.probes {
            probes.push(self.try_probe(access, probe, &mut seen).await);
        }
        Ok(CheckReport {
            org: Some(org),
            signed_in_as: self.signed_in_as(access, session.as_ref()).await,
            environment: self.environment(access, body),
            probes,
            clock_ahead_seconds: seen.clock_ahead_seconds,
            way: seen.way,
        })
    }

    async fn ask(
        &self,
        access: &Access<'_>,
        template: &RequestTemplate,
        what: &str,
    ) -> Result<Answer, ConnectorError> {
        let call = Call {
            may_be_empty: true,
            ..Call::of(template, what)
        };
        self.call(access, call).await
    }

    async fn ask_org(&self, access: &Access<'_>) -> Result<Option<Answer>, ConnectorError> {
        let org = &self.manifest.org;
        let Some(request) = &org.request else {
            return Ok(None);
        };
        match self
            .ask(access, request, "asking which organization this is")
            .await
        {
            Err(error) if org.optional && can_be_missed(&error) => Ok(None),
            answer => answer.map(Some),
        }
    }

    fn org(
        &self,
        access: &Access<'_>,
        session: Option<&SessionState>,
        body: Option<&Value>,
    ) -> Result<RemoteOrg, ConnectorError> {
        let org = &self.manifest.org;
        let inputs = Inputs::new(&self.manifest, access, session);
        let value = |value: &OrgValue| org_value(value, &inputs, body);
        let id = org.id.iter().find_map(value).ok_or_else(|| {
            ConnectorError::with_code(
                ErrorClass::Malformed,
                Code::ConnectionUnexpectedAnswer,
                "the answer does not say which organization this is; check the address",
            )
        })?;
        Ok(RemoteOrg {
            id,
            name: org.name.as_ref().and_then(value),
        })
    }

    /// As whom the connection is signed in. It is nice to know and no more: a failure is none of
    /// the connection.
    async fn signed_in_as(
        &self,
        access: &Access<'_>,
        session: Option<&SessionState>,
    ) -> Option<String> {
        let who = self.manifest.signed_in_as.as_ref()?;
        let body = match &who.request {
            Some(request) => {
                let answer = self.ask(access, request, "asking who is signed in").await;
                answer.ok().and_then(|answer| answer.json)
            }
            None => None,
        };
        let inputs = Inputs::new(&self.manifest, access, session);
        org_value(&who.name, &inputs, body.as_ref())
    }

    /// Whether this is a test environment; `None` when nothing tells.
    fn environment(&self, access: &Access<'_>, body: Option<&Value>) -> Option<Environment> {
        let rules = &self.manifest.environments.sandbox;
        if rules.is_empty() {
            return None;
        }
        let by_answer = rules.iter().any(|rule| match rule {
            SandboxRule::Org(condition) => body.is_some_and(|body| condition.holds(body)),
            SandboxRule::Setting { .. } => false,
        });
        if by_answer {
            return Some(Environment::Sandbox);
        }
        let by_settings = self.manifest.environment_by_settings(access.settings);
        Some(by_settings.unwrap_or(Environment::Production))
    }

    async fn try_probe(&self, access: &Access<'_>, probe: &Probe, seen: &mut Seen) -> ProbeResult {
        let what = format!("probing `{}`", probe.title);
        let began = access.clock.now();
        let answer = self.ask(access, &probe.request, &what).await;
        let ended = access.clock.now();
        let shown = match answer {
            Ok(answer) => {
                seen.look_at(Some(&answer), ended);
                let body = answer.json.unwrap_or(Value::Null);
                if probe.expect.iter().all(|condition| condition.holds(&body)) {
                    Ok(())
                } else {
                    Err((
                        Code::ConnectionForbidden,
                        "the answer shows that it is not so".to_owned(),
                    ))
                }
            }
            Err(error) => Err((error.code(), error.message().to_owned())),
        };
        let (outcome, problem) = match (probe.need, shown) {
            (Need::Required | Need::Optional, Ok(())) | (Need::MustBeAbsent, Err(_)) => {
                (ProbeOutcome::Passed, None)
            }
            (Need::Required, Err(problem)) => (ProbeOutcome::Failed, Some(problem)),
            (Need::Optional, Err(problem)) => (ProbeOutcome::Missing, Some(problem)),
            (Need::MustBeAbsent, Ok(())) => {
                let told = "it is there, and should not be; take the permission away".to_owned();
                (
                    ProbeOutcome::Failed,
                    Some((Code::ConnectionForbidden, told)),
                )
            }
        };
        let (code, detail) = problem.unzip();
        ProbeResult {
            name: probe.name.clone(),
            title: probe.title.clone(),
            outcome,
            code,
            detail,
            took_millis: u64::try_from((ended.as_micros() - began.as_micros()) / 1_000)
                .unwrap_or(0),
        }
    }
}

/// A value found in an answer, or made of inputs.
fn org_value(value: &OrgValue, inputs: &Inputs<'_>, body: Option<&Value>) -> Option<String> {
    match value {
        OrgValue::Pointer(pointer) => pointer.text(body?),
        OrgValue::Joined(pointers) => {
            let body = body?;
            let parts: Option<Vec<_>> = pointers.iter().map(|pointer| pointer.text(body)).collect();
            Some(parts?.join("-"))
        }
        OrgValue::Text(text) => render::text(text, inputs),
    }
}
