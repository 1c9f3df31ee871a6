//! Signing in, and renewing what signing in yielded: once for everybody, stored before use.

use std::collections::BTreeMap;

use counterpart_manifest::{
    ClientPlace, HeaderTemplate, JsonTemplate, Method, Pointer, REDIRECT_URI, RequestTemplate,
    SignIn, Template, TokenEndpoint, Yielded,
};
use counterpart_model::{Code, Timestamp};
use counterpart_outbound::SecretString;
use serde_json::Value;

use super::ManifestConnector;
use super::call::Call;
use super::jwt;
use crate::{Access, ConnectorError, ErrorClass, SessionState};

/// How many seconds before its end a token is no longer used: the request has to arrive too.
const MARGIN_SECONDS: i64 = 60;
/// The longest life that is believed: a day. Some vendors give milliseconds for seconds.
const LONGEST_LIFE_SECONDS: i64 = 24 * 60 * 60;
/// The value under which a rotated refresh token is kept in the session.
const REFRESH_TOKEN: &str = "refresh_token";
/// The credential with the secret behind the code challenge (RFC 7636); one-time, of no form.
pub(super) const CODE_VERIFIER: &str = "code_verifier";
/// What signing in is called in messages.
const SIGNING_IN: &str = "signing in";

impl ManifestConnector {
    /// Whether there is a session to be had at all.
    pub(super) fn has_session(&self, access: &Access<'_>) -> bool {
        self.way(access).has_session() || self.hooks.refresh_token.is_some()
    }

    /// The way of signing in that this connection uses.
    pub(super) fn way(&self, access: &Access<'_>) -> &SignIn {
        self.manifest.sign_in_of(access.settings)
    }

    /// The session: as it was stored, or a new one.
    pub(super) async fn session(
        &self,
        access: &Access<'_>,
    ) -> Result<SessionState, ConnectorError> {
        match access.sessions.load().await? {
            Some(session) if !session.is_expired(access.clock.now()) => Ok(session),
            stale => self.renew(access, stale.as_ref()).await,
        }
    }

    /// The session, where there is one to be had.
    pub(super) async fn session_if_any(
        &self,
        access: &Access<'_>,
    ) -> Result<Option<SessionState>, ConnectorError> {
        if self.has_session(access) {
            self.session(access).await.map(Some)
        } else {
            Ok(None)
        }
    }

    /// A session other than `stale`: one that somebody else stored meanwhile, or a new one.
    pub(super) async fn renew(
        &self,
        access: &Access<'_>,
        stale: Option<&SessionState>,
    ) -> Result<SessionState, ConnectorError> {
        let _guard = access.sessions.lock().await?;
        let stored = access.sessions.load().await?;
        if let Some(session) = &stored
            && Some(session) != stale
            && !session.is_expired(access.clock.now())
        {
            return Ok(session.clone());
        }
        let session = self.sign_in(access, stored.as_ref()).await?;
        let session = self.completed(access, session).await?;
        access.sessions.store(&session).await?;
        Ok(session)
    }

    /// A new session with what is asked for behind signing in.
    async fn completed(
        &self,
        access: &Access<'_>,
        mut session: SessionState,
    ) -> Result<SessionState, ConnectorError> {
        for look_up in &self.manifest.after_sign_in {
            let call = Call {
                may_be_empty: true,
                ..Call::of(&look_up.request, SIGNING_IN)
            };
            let answer = self.repeat(access, call, Some(&session)).await?;
            let answer = answer.json.unwrap_or(Value::Null);
            for (name, yielded) in &look_up.yields {
                match yielded.pointer.text(&answer) {
                    Some(text) => {
                        session.values.insert(name.clone(), text);
                    }
                    None if yielded.optional => {}
                    None => return Err(nothing_yielded(self.way(access), name, &yielded.pointer)),
                }
            }
        }
        Ok(session)
    }

    /// Signs in. A refresh token that the provider replaced is stored before this returns.
    async fn sign_in(
        &self,
        access: &Access<'_>,
        previous: Option<&SessionState>,
    ) -> Result<SessionState, ConnectorError> {
        if let Some(hook) = self.hooks.refresh_token {
            return hook(access, previous).await;
        }
        match self.way(access) {
            SignIn::Keys {
                look_up: Some(request),
                ..
            }
            | SignIn::Session { request, .. } => {
                let answer = self.token_answer(access, request, &[]).await?;
                self.session_of(access, &answer)
            }
            SignIn::Keys { look_up: None, .. } => {
                Ok(SessionState::new(BTreeMap::new(), access.clock.now(), None))
            }
            SignIn::Oauth2ClientCredentials { token, .. } => {
                let request = token_request(token, "client_credentials", &[]);
                let answer = self.token_answer(access, &request, &[]).await?;
                self.session_of(access, &answer)
            }
            SignIn::Oauth2JwtBearer { token, .. } => {
                let assertion = jwt::assertion(&self.manifest, self.way(access), access)?;
                let request = jwt::request(token);
                let extras = [(jwt::ASSERTION, Value::from(assertion))];
                let answer = self.token_answer(access, &request, &extras).await?;
                self.session_of(access, &answer)
            }
            SignIn::Oauth2Refresh { token, .. } => self.refresh(access, token, previous).await,
        }
    }

    /// Renews by the refresh token: the one that the vendor gave last.
    async fn refresh(
        &self,
        access: &Access<'_>,
        token: &TokenEndpoint,
        previous: Option<&SessionState>,
    ) -> Result<SessionState, ConnectorError> {
        let request = token_request(token, "refresh_token", &[REFRESH_TOKEN]);
        let rotated = previous.and_then(|session| session.value(REFRESH_TOKEN));
        let extras: Vec<_> = rotated
            .map(|token| (REFRESH_TOKEN, Value::from(token)))
            .into_iter()
            .collect();
        let answer = self.token_answer(access, &request, &extras).await?;
        let mut session = self.session_of(access, &answer)?;
        let replaced = answer.get(REFRESH_TOKEN).and_then(Value::as_str);
        if let Some(token) = replaced {
            let secret = SecretString::from(token.to_owned());
            access
                .sessions
                .store_credential(REFRESH_TOKEN, &secret)
                .await?;
        }
        if let Some(token) = replaced.or(rotated) {
            let token = token.to_owned();
            session.values.insert(REFRESH_TOKEN.to_owned(), token);
        }
        Ok(session)
    }

    /// Exchanges the one-time code for a refresh token, and keeps the session that comes along.
    pub(super) async fn exchange_code(
        &self,
        access: &Access<'_>,
        code: &SecretString,
    ) -> Result<SecretString, ConnectorError> {
        let SignIn::Oauth2Refresh { token, .. } = self.way(access) else {
            return Err(ConnectorError::new(
                ErrorClass::Unsupported,
                "this way of signing in has no one-time codes",
            ));
        };
        let bound = ["code", REDIRECT_URI, CODE_VERIFIER];
        let request = token_request(token, "authorization_code", &bound);
        let code = secrecy::ExposeSecret::expose_secret(code).trim();
        let mut once = access.credentials.clone();
        once.insert("code", code.to_owned().into());
        let once = Access {
            credentials: &once,
            ..*access
        };
        let answer = self
            .once(&once, Call::of(&request, "exchanging the code"))
            .await?;
        let token = answer.get(REFRESH_TOKEN).and_then(Value::as_str).ok_or_else(|| {
            ConnectorError::new(
                ErrorClass::Auth,
                "the code was taken, but no refresh token came with it; make a new code, with offline access",
            )
        })?;
        let mut session = self.session_of(access, &answer)?;
        session
            .values
            .insert(REFRESH_TOKEN.to_owned(), token.to_owned());
        let session = self.completed(access, session).await?;
        access.sessions.store(&session).await?;
        Ok(token.to_owned().into())
    }

    /// Sends a request once: what it uses up cannot be sent again.
    async fn once(&self, access: &Access<'_>, call: Call<'_>) -> Result<Value, ConnectorError> {
        let request = self.request(access, call, None)?;
        let answer = self.send(access, call, request).await.map_err(refused)?;
        Ok(answer.json.unwrap_or(Value::Null))
    }

    async fn token_answer(
        &self,
        access: &Access<'_>,
        request: &RequestTemplate,
        extras: &[(&str, Value)],
    ) -> Result<Value, ConnectorError> {
        let call = Call {
            extras,
            ..Call::of(request, SIGNING_IN)
        };
        let answer = self.repeat(access, call, None).await.map_err(refused)?;
        Ok(answer.json.unwrap_or(Value::Null))
    }

    /// The session that an answer holds.
    fn session_of(
        &self,
        access: &Access<'_>,
        answer: &Value,
    ) -> Result<SessionState, ConnectorError> {
        let way = self.way(access);
        let mut values = BTreeMap::new();
        for (name, yielded) in way.yields() {
            let Yielded {
                pointer, optional, ..
            } = yielded;
            match pointer.text(answer) {
                Some(text) => {
                    values.insert(name.clone(), text);
                }
                None if *optional => {}
                None => return Err(nothing_yielded(way, name, pointer)),
            }
        }
        let expires_in = match way {
            SignIn::Session { expires_in, .. } => expires_in.as_ref(),
            way => way.token().and_then(|token| token.expires_in.as_ref()),
        };
        let now = access.clock.now();
        let seconds = expires_in.and_then(|pointer| seconds(pointer.find(answer)?));
        let expires_at = seconds.map(|seconds| expiry(now, seconds));
        Ok(SessionState::new(values, now, expires_at))
    }
}

fn nothing_yielded(way: &SignIn, name: &str, pointer: &Pointer) -> ConnectorError {
    match way {
        SignIn::Session { .. } => ConnectorError::new(
            ErrorClass::Auth,
            format!("{SIGNING_IN}: the log-in was refused, no {name} came back"),
        ),
        _ => ConnectorError::new(
            ErrorClass::Malformed,
            format!("{SIGNING_IN}: the answer has no {name} at `{pointer}`; check the address"),
        ),
    }
}

/// A failure of signing in. What the token endpoint calls a wrong request is a wrong credential
/// more often than not (RFC 6749, section 5.2: 400 with `invalid_client` or `invalid_grant`).
fn refused(error: ConnectorError) -> ConnectorError {
    let is_wrong_credential = *error.class() == ErrorClass::Permanent
        && error.code() == Code::ConnectionRefused
        && [
            "invalid_client",
            "invalid_grant",
            "unauthorized_client",
            "access_denied",
        ]
        .iter()
        .any(|word| error.message().contains(word));
    if is_wrong_credential {
        ConnectorError::new(ErrorClass::Auth, error.message())
    } else {
        error
    }
}

fn seconds(value: &Value) -> Option<i64> {
    value
        .as_i64()
        .or_else(|| value.as_str()?.trim().parse().ok())
        .filter(|seconds| *seconds > 0)
}

fn expiry(now: Timestamp, seconds: i64) -> Timestamp {
    let life = seconds.min(LONGEST_LIFE_SECONDS);
    now.plus_seconds((life - MARGIN_SECONDS).max(life / 2))
}

fn input(name: &str) -> Template {
    Template::parse(&format!("{{{name}}}")).expect("a name in braces is a template")
}

/// The request to a token endpoint.
fn token_request(token: &TokenEndpoint, grant_type: &str, inputs: &[&str]) -> RequestTemplate {
    let grant = Template::parse(grant_type).expect("a grant type has no braces");
    let mut fields = token.fields.clone();
    fields.insert("grant_type".to_owned(), grant);
    for name in inputs {
        fields.insert((*name).to_owned(), input(name));
    }
    let mut headers = BTreeMap::new();
    let client = match token.refresh_client {
        Some(place) if grant_type == "refresh_token" => place,
        _ => token.client,
    };
    match client {
        ClientPlace::Basic => {
            let pair = "{client_id}:{client_secret}";
            let header = HeaderTemplate::Base64 {
                prefix: "Basic ".to_owned(),
                base64: Template::parse(pair).expect("two names and a colon are a template"),
            };
            headers.insert("authorization".to_owned(), header);
        }
        ClientPlace::Form | ClientPlace::Json => {
            for name in ["client_id", "client_secret"] {
                fields.insert(name.to_owned(), input(name));
            }
        }
    }
    let json = (client == ClientPlace::Json).then(|| JsonTemplate::Object {
        needs: None,
        members: std::mem::take(&mut fields)
            .into_iter()
            .map(|(name, value)| (name, JsonTemplate::Text(value)))
            .collect(),
    });
    RequestTemplate {
        method: Method::Post,
        host: token.host.clone(),
        headers,
        form: fields,
        json,
        ..unsigned(token.path.clone())
    }
}

/// A request with nothing but a path, sent unsigned.
pub(super) fn unsigned(path: Template) -> RequestTemplate {
    RequestTemplate {
        method: Method::Get,
        host: String::new(),
        path,
        query: BTreeMap::new(),
        headers: BTreeMap::new(),
        form: BTreeMap::new(),
        multipart: BTreeMap::new(),
        json: None,
        constants: BTreeMap::new(),
        signed: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_given_up_a_minute_early_and_never_believed_for_more_than_a_day() {
        let now = Timestamp::from_micros(0);
        assert_eq!(expiry(now, 3_600), now.plus_seconds(3_540));
        assert_eq!(expiry(now, 3_600_000), now.plus_seconds(24 * 3_600 - 60));
        assert_eq!(expiry(now, 10), now.plus_seconds(5));
    }
}
