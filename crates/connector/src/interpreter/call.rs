//! Sending one request until it is answered or must be given up: waits that are asked for,
//! bounded repetitions, one renewal of the session.

use std::time::Duration;

use counterpart_manifest::RequestTemplate;
use counterpart_model::Code;
use counterpart_outbound::{Request, Url};
use serde_json::Value;

use super::ManifestConnector;
use super::classify::{self, Answer};
use super::inputs::Inputs;
use super::render;
use crate::{Access, ConnectorError, ErrorClass, SessionState};

/// How often a request is sent at most, renewals of the session aside.
const ATTEMPTS: u32 = 4;
/// How often one that was not answered in time: each costs as long as the client waits.
const SLOW_ATTEMPTS: u32 = 2;
/// How long the first wait is where the provider does not say; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait inside a call. Who asks for more is left alone until then.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// A request with what it needs beyond settings, credentials and session.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    /// The request.
    pub(super) template: &'a RequestTemplate,
    /// Its own inputs: paging, keys.
    pub(super) extras: &'a [(&'a str, Value)],
    /// The address of a next page, which replaces the template's.
    pub(super) next: Option<&'a Url>,
    /// What is being done, for messages: "listing users".
    pub(super) what: &'a str,
    /// Whether an answer without a body is one.
    pub(super) may_be_empty: bool,
}

impl<'a> Call<'a> {
    /// A request with nothing beyond settings, credentials and session.
    pub(super) const fn of(template: &'a RequestTemplate, what: &'a str) -> Self {
        Self {
            template,
            extras: &[],
            next: None,
            what,
            may_be_empty: false,
        }
    }
}

impl ManifestConnector {
    /// Sends a request that only reads, as often as it makes sense.
    pub(super) async fn call(
        &self,
        access: &Access<'_>,
        call: Call<'_>,
    ) -> Result<Answer, ConnectorError> {
        let needs_session = call.template.signed && self.has_session(access);
        let mut session = None;
        if needs_session {
            session = Some(self.session(access).await?);
        }
        let mut renewed = false;
        loop {
            let result = self.repeat(access, call, session.as_ref()).await;
            match result {
                Err(error) if *error.class() == ErrorClass::Auth && needs_session && !renewed => {
                    renewed = true;
                    session = Some(self.renew(access, session.as_ref()).await?);
                }
                result => return result,
            }
        }
    }

    /// Sends a request as often as it makes sense, with one session.
    pub(super) async fn repeat(
        &self,
        access: &Access<'_>,
        call: Call<'_>,
        session: Option<&SessionState>,
    ) -> Result<Answer, ConnectorError> {
        let mut wait = FIRST_WAIT;
        let mut attempt = 1;
        loop {
            let request = self.request(access, call, session)?;
            let error = match self.send(access, call, request).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let asked = error.retry_after();
            let length = asked.unwrap_or(wait);
            if attempt >= attempts(&error) || length > LONGEST_WAIT {
                return Err(error);
            }
            tracing::debug!(code = %error.code(), attempt, ?length, "will be repeated");
            access.pause.pause(length).await;
            attempt += 1;
            wait *= 2;
        }
    }

    /// The request as it is sent.
    pub(super) fn request(
        &self,
        access: &Access<'_>,
        call: Call<'_>,
        session: Option<&SessionState>,
    ) -> Result<Request, ConnectorError> {
        let mut inputs = Inputs::new(&self.manifest, access, session);
        for (name, constant) in &call.template.constants {
            inputs.set(name, constant.into());
        }
        for (name, value) in call.extras {
            inputs.set(name, value.clone());
        }
        self.rendered(access, call, &inputs, session)
    }

    /// The request with inputs that are there already.
    pub(super) fn rendered(
        &self,
        access: &Access<'_>,
        call: Call<'_>,
        inputs: &Inputs<'_>,
        session: Option<&SessionState>,
    ) -> Result<Request, ConnectorError> {
        let way = self.way(access);
        let request = render::request(&self.manifest, way, call.template, inputs, call.next)?;
        Ok(self.signed(access, call, request, session))
    }

    /// The request as the hook signs it.
    pub(super) fn signed(
        &self,
        access: &Access<'_>,
        call: Call<'_>,
        request: Request,
        session: Option<&SessionState>,
    ) -> Request {
        match self.hooks.sign_request.filter(|_| call.template.signed) {
            Some(hook) => hook(request, access, session),
            None => request,
        }
    }

    /// Sends one request once.
    pub(super) async fn send(
        &self,
        access: &Access<'_>,
        call: Call<'_>,
        request: Request,
    ) -> Result<Answer, ConnectorError> {
        let what = format!("{} ({})", call.what, request.target());
        let host = request.url().host_str().unwrap_or_default();
        if !self.may_reach(host) {
            return Err(ConnectorError::with_code(
                ErrorClass::Permanent,
                Code::ConnectionAddressRefused,
                format!(
                    "{what}: this connector is not of this program and may not talk to {host}; start with --connector-host {host} if it should"
                ),
            ));
        }
        let _permit = match access.pace {
            Some(pace) => Some(pace.permit().await),
            None => None,
        };
        let response = access
            .client
            .send(request)
            .await
            .map_err(|error| ConnectorError::from(error).during(&what))?;
        let answer = classify::answer(
            &self.manifest,
            &self.hooks,
            access.clock,
            &what,
            call.may_be_empty,
            &response,
        );
        if let (Some(pace), Err(error)) = (access.pace, &answer)
            && let Some(wait) = error.retry_after()
        {
            pace.hold(wait.min(LONGEST_WAIT));
        }
        answer
    }
}

/// How often a request that failed so is sent in all. A host that cannot be reached is left to the
/// next run: whoever tests a connection wants to know at once.
fn attempts(error: &ConnectorError) -> u32 {
    match (error.class(), error.code()) {
        (ErrorClass::Transient, Code::ConnectionUnreachable) => 1,
        (ErrorClass::Transient, Code::ConnectionTimeout) => SLOW_ATTEMPTS,
        (ErrorClass::RateLimited { .. } | ErrorClass::Transient, _) => ATTEMPTS,
        _ => 1,
    }
}
