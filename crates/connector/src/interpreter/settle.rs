//! What is done once, when a connection is saved.

use counterpart_manifest::{REDIRECT_URI, SignIn};
use secrecy::ExposeSecret as _;

use super::ManifestConnector;
use super::session::CODE_VERIFIER;
use crate::{Access, ConnectorError, Settled};

impl ManifestConnector {
    /// Exchanges a one-time code if there is one, signs in anew, and says what to keep.
    pub(super) async fn settle_connection(
        &self,
        access: &Access<'_>,
    ) -> Result<Settled, ConnectorError> {
        let mut settled = Settled::default();
        let mut credentials = access.credentials.clone();
        access.sessions.clear().await?;
        if let SignIn::Oauth2Refresh { code: name, .. } = self.way(access)
            && let Some(code) = access.credentials.get(name)
            && !code.expose_secret().trim().is_empty()
        {
            let token = self.exchange_code(access, code).await?;
            credentials.insert("refresh_token", token.clone());
            settled
                .credentials
                .push(("refresh_token".to_owned(), token));
            settled.forget.push(name.clone());
            let bound = [REDIRECT_URI, CODE_VERIFIER];
            if self.manifest.setting(REDIRECT_URI).is_some()
                && let Some(address) = access.credentials.get(REDIRECT_URI)
            {
                let address = address.expose_secret().to_owned();
                settled.settings.insert(REDIRECT_URI.to_owned(), address);
            }
            let bound = bound
                .into_iter()
                .filter(|name| credentials.get(name).is_some());
            settled.forget.extend(bound.map(str::to_owned));
        }
        let access = Access {
            credentials: &credentials,
            ..*access
        };
        if self.has_session(&access) {
            let session = self.session(&access).await?;
            for (name, yielded) in self.manifest.yields(self.way(&access)) {
                if let (Some(setting), Some(value)) = (&yielded.keep_as, session.value(name)) {
                    settled.settings.insert(setting.clone(), value.to_owned());
                }
            }
        }
        if let Some(scope) = &self.manifest.users.scope
            && scope.filled_for.as_ref() == access.settings.get(&scope.setting)
            && scope.filled_for.is_some()
        {
            let groups = self.table(&access, &scope.all).await?;
            let list = groups.into_keys().collect::<Vec<_>>().join(",");
            settled.settings.insert(scope.list.clone(), list);
        }
        Ok(settled)
    }
}
