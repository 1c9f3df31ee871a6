//! Screens, calls, the allowance that is left, and where somebody consents.

use counterpart_manifest::{Action, BudgetPlace};
use counterpart_model::activity::Owner;
use counterpart_outbound::Url;

use super::ManifestConnector;
use super::call::Call;
use super::classify::Answer;
use super::inputs::Inputs;
use super::render;
use super::users::id_value;
use crate::{Access, Allowance, ConnectorError, Consent, ErrorClass, PlacedCall, Pop};

impl ManifestConnector {
    /// Shows a record on a user's screen.
    pub(super) async fn pop(&self, access: &Access<'_>, pop: &Pop) -> Result<(), ConnectorError> {
        let Some(action) = &self.manifest.screen_pop else {
            return Err(self.cannot("show a record on a user's screen"));
        };
        let owner = id_for(action, &pop.owner)?;
        let extras = [
            ("owner", id_value(owner, self.manifest.users.id.id_type)),
            ("contact_id", pop.contact_id.as_str().into()),
        ];
        self.act(access, action, &extras, "showing a record").await
    }

    /// Places a call from a user's phone.
    pub(super) async fn call_from(
        &self,
        access: &Access<'_>,
        call: &PlacedCall,
    ) -> Result<(), ConnectorError> {
        let Some(action) = &self.manifest.place_call else {
            return Err(self.cannot("place calls"));
        };
        let user = id_for(action, &call.user)?;
        let mut extras = vec![
            ("user_id", id_value(user, self.manifest.users.id.id_type)),
            ("to_number", call.to_number.as_str().into()),
        ];
        if let Some(extension) = &call.extension {
            extras.push(("extension", extension.as_str().into()));
        }
        self.act(access, action, &extras, "placing a call").await
    }

    async fn act(
        &self,
        access: &Access<'_>,
        action: &Action,
        extras: &[(&str, serde_json::Value)],
        what: &str,
    ) -> Result<(), ConnectorError> {
        let call = Call {
            extras,
            may_be_empty: true,
            ..Call::of(&action.request, what)
        };
        // Nobody wants a second call or screen: sent once, with one renewal of the session.
        let session = self.session_if_any(access).await?;
        let request = self.request(access, call, session.as_ref())?;
        match self.send(access, call, request).await {
            Err(error) if *error.class() == ErrorClass::Auth && session.is_some() => {
                let session = self.renew(access, session.as_ref()).await?;
                let request = self.request(access, call, Some(&session))?;
                self.send(access, call, request).await.map(drop)
            }
            answer => answer.map(drop),
        }
    }

    /// How much of the allowance of requests is left; `None` when the answer does not say.
    pub(super) async fn allowance_left(
        &self,
        access: &Access<'_>,
    ) -> Result<Option<Allowance>, ConnectorError> {
        let Some(budget) = &self.manifest.budget else {
            return Err(self.cannot("say how many requests are left"));
        };
        let asked = budget
            .request
            .as_ref()
            .or(self.manifest.org.request.as_ref());
        let Some(request) = asked else {
            return Ok(None);
        };
        let call = Call {
            may_be_empty: true,
            ..Call::of(request, "asking how many requests are left")
        };
        let answer = self.call(access, call).await?;
        let at = |place: &Option<BudgetPlace>| number_at(place.as_ref()?, &answer);
        let (limit, used) = (at(&budget.limit), at(&budget.used));
        let counted = limit
            .zip(used)
            .map(|(limit, used)| limit.saturating_sub(used));
        Ok(at(&budget.remaining)
            .or(counted)
            .map(|remaining| Allowance {
                limit,
                remaining,
                period: budget.period.clone(),
            }))
    }

    /// The address at which somebody consents.
    pub(super) fn consent_address(
        &self,
        access: &Access<'_>,
        consent: &Consent,
    ) -> Result<Url, ConnectorError> {
        let Some(authorize) = self.way(access).authorize() else {
            return Err(self.cannot("be signed in to by a redirect in this way"));
        };
        let mut inputs = Inputs::new(&self.manifest, access, None);
        if let Some(suite) = &self.manifest.suite {
            let more = &consent.more_scopes;
            let more = more.iter().filter(|scope| !suite.scopes.contains(scope));
            let scopes: Vec<_> = suite.scopes.iter().chain(more).cloned().collect();
            inputs.set("scopes", scopes.join(&suite.separator).into());
        }
        let mut url = render::address(&self.manifest, &authorize.host, &authorize.path, &inputs)?;
        let client_id = inputs.text("client_id").unwrap_or_default();
        let mut query = url.query_pairs_mut();
        query.append_pair("response_type", "code");
        query.append_pair("client_id", &client_id);
        query.append_pair("redirect_uri", &consent.redirect_uri);
        query.append_pair("state", &consent.state);
        if authorize.pkce {
            query.append_pair("code_challenge", &consent.challenge);
            query.append_pair("code_challenge_method", "S256");
        }
        for (name, template) in &authorize.query {
            if let Some(value) = render::text(template, &inputs) {
                query.append_pair(name, &value);
            }
        }
        drop(query);
        Ok(url)
    }
}

fn number_at(place: &BudgetPlace, answer: &Answer) -> Option<u64> {
    match place {
        BudgetPlace::Pointer(pointer) => pointer.text(answer.json.as_ref()?)?.parse().ok(),
        BudgetPlace::Header(name) => answer.header(name)?.trim().parse().ok(),
    }
}

/// The user's id of the kind that an action names.
fn id_for<'a>(action: &Action, user: &'a Owner) -> Result<&'a str, ConnectorError> {
    let kind = action.owner_id.as_deref();
    user.id_of_kind(kind).ok_or_else(|| {
        ConnectorError::new(
            ErrorClass::NotFound,
            format!("the user {} has no {}", user.id, kind.unwrap_or("id")),
        )
    })
}
