//! Signing in by a redirect: somebody consents in the vendor's own pages and is sent back with a
//! code. What has to be remembered meanwhile travels along as the `state`, sealed to its
//! connection, so that any process can finish what another one began.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use counterpart_connector::Consent;
use counterpart_manifest::SignIn;
use counterpart_model::{
    AccountId, Code, Connection, ConnectionId, OrganizationId, Role, Sealed, Timestamp, entropy,
};
use counterpart_outbound::{Bound, Url};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::ConnectionInput;
use crate::{Actor, Error, Result, Service};

/// How long somebody may take to consent.
const LIFE_SECONDS: i64 = 15 * 60;
/// The field that the state is sealed to.
const FIELD: &str = "counterpart.consent";

/// What has to be remembered until the browser comes back.
#[derive(Serialize, Deserialize)]
struct Remembered {
    account: Option<AccountId>,
    redirect_uri: String,
    /// The secret behind the code challenge (RFC 7636).
    verifier: String,
    expires_at: Timestamp,
    /// The other connections of the suite that the consent covers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    with: Vec<ConnectionId>,
}

/// The connections that were signed in to.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The one for which somebody consented.
    pub connection: Connection,
    /// The others of its suite that the consent covers.
    pub with: Vec<Connection>,
}

/// Which connection a state belongs to, by its readable half. Whether it is genuine shows when it
/// is opened.
pub fn connection_of_state(state: &str) -> Option<(OrganizationId, ConnectionId)> {
    let mut parts = state.split('.');
    let organization = parts.next()?.parse().ok()?;
    let connection = parts.next()?.parse().ok()?;
    Some((organization, connection))
}

impl Service {
    /// The vendor's address at which somebody consents to what a connection is to do.
    /// `redirect_uri` is where the vendor sends the browser back to: exactly what is registered
    /// there. The same consent covers `with`, which are [`Service::companions`] of it.
    pub async fn begin_consent(
        &self,
        actor: &Actor,
        id: ConnectionId,
        redirect_uri: &str,
        with: &[ConnectionId],
    ) -> Result<Url> {
        actor.require(Role::Admin)?;
        let more_scopes = self.scopes_of(actor, id, with).await?;
        let connection = self.connection(actor, id).await?;
        let opened = self.open(actor.organization(), &connection).await?;
        let verifier = URL_SAFE_NO_PAD.encode(entropy::bytes::<48>(self.entropy()));
        let remembered = Remembered {
            account: actor.account(),
            redirect_uri: redirect_uri.to_owned(),
            verifier: verifier.clone(),
            expires_at: self.now().plus_seconds(LIFE_SECONDS),
            with: with.to_vec(),
        };
        let consent = Consent {
            redirect_uri: redirect_uri.to_owned(),
            state: self.state_of(actor.organization(), id, &remembered).await?,
            challenge: URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())),
            more_scopes,
        };
        Ok(opened.connector.consent(&opened.access(), &consent)?)
    }

    /// The scopes of the connections that a consent shall cover besides.
    async fn scopes_of(
        &self,
        actor: &Actor,
        id: ConnectionId,
        with: &[ConnectionId],
    ) -> Result<Vec<String>> {
        if with.is_empty() {
            return Ok(Vec::new());
        }
        let companions = self.companions(actor, id).await?;
        let mut scopes = Vec::new();
        for wanted in with {
            let found = companions.iter().find(|(other, _)| other.id == *wanted);
            let Some((companion, _)) = found else {
                return Err(Error::field(
                    Code::ConnectionSettingsInvalid,
                    "with",
                    format!("{wanted} is of another suite, app or way of signing in"),
                ));
            };
            let connector = self.connector(&companion.provider)?;
            for scope in connector.manifest().suite.iter().flat_map(|it| &it.scopes) {
                if !scopes.contains(scope) {
                    scopes.push(scope.clone());
                }
            }
        }
        Ok(scopes)
    }

    /// What follows when the browser comes back: the code is exchanged, the connection tested
    /// and saved, and with it the others that the consent covers.
    pub async fn finish_consent(
        &self,
        actor: &Actor,
        state: &str,
        code: SecretString,
    ) -> Result<SignedIn> {
        actor.require(Role::Admin)?;
        let (organization, id) = connection_of_state(state).ok_or_else(stale)?;
        if organization != actor.organization() {
            return Err(stale());
        }
        let remembered = self.remembered(organization, id, state).await?;
        if remembered.account != actor.account() || remembered.expires_at <= self.now() {
            return Err(stale());
        }
        let connection = self.connection(actor, id).await?;
        let connector = self.connector(&connection.provider)?;
        let SignIn::Oauth2Refresh { code: field, .. } =
            connector.manifest().sign_in_of(&connection.settings)
        else {
            return Err(stale());
        };
        let credentials = [
            (field.clone(), code),
            ("redirect_uri".to_owned(), remembered.redirect_uri.into()),
            ("code_verifier".to_owned(), remembered.verifier.into()),
        ];
        let input = ConnectionInput {
            existing: Some((id, connection.version)),
            provider: connection.provider.clone(),
            name: connection.name.clone(),
            environment: None,
            settings: connection.settings.clone(),
            credentials: credentials.into(),
            untested: false,
        };
        let connection = self.save_connection(actor, input).await?;
        let with = self.sign_in_companions(actor, id, &remembered.with).await?;
        Ok(SignedIn { connection, with })
    }

    async fn state_of(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        remembered: &Remembered,
    ) -> Result<String> {
        let text = serde_json::to_string(remembered).map_err(Error::internal)?;
        let key = self.data_key(organization).await?;
        let sealed = self.seal(&key, organization, connection, FIELD, &text.into())?;
        let mut bytes = sealed.nonce;
        bytes.extend(sealed.ciphertext);
        let sealed = URL_SAFE_NO_PAD.encode(bytes);
        Ok(format!("{organization}.{connection}.{sealed}"))
    }

    async fn remembered(
        &self,
        organization_id: OrganizationId,
        connection_id: ConnectionId,
        state: &str,
    ) -> Result<Remembered> {
        let sealed = state.rsplit('.').next().unwrap_or_default();
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| stale())?;
        let (nonce, ciphertext) = bytes.split_at_checked(NONCE).ok_or_else(stale)?;
        let key = self.data_key(organization_id).await?;
        let sealed = Sealed {
            key_id: key.key_id.clone(),
            nonce: nonce.to_vec(),
            ciphertext: ciphertext.to_vec(),
        };
        let bound = Bound {
            organization_id,
            connection_id,
            field: FIELD,
        };
        let opened = self.parts.vault.open(&key, bound, &sealed);
        let text = opened.map_err(|_| stale())?;
        serde_json::from_str(text.expose_secret()).map_err(|_| stale())
    }
}

/// The length of a nonce, in bytes.
const NONCE: usize = 24;

fn stale() -> Error {
    Error::new(
        Code::ConnectionUnauthorized,
        "the sign-in took too long, was begun by somebody else, or is none of ours; begin it again on the connection's page",
    )
}
