//! Small typed functions beside a manifest, for what its vocabulary cannot say. Each is pure or
//! is given the guarded client; none sees a store.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;

use counterpart_manifest::HookName;
use counterpart_model::activity::Activity;
use counterpart_outbound::{Request, Response};
use serde_json::Value;

use crate::{
    Access, ConnectorError, ErrorClass, FieldProblem, IncomingWebhook, Position, PulledUser,
    SessionState,
};

/// What a hook that talks to the provider returns.
pub type HookFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, ConnectorError>> + Send + 'a>>;

/// Puts settings right before the general rules do.
pub type NormaliseSettings = fn(&mut BTreeMap<String, String>) -> Vec<FieldProblem>;
/// Adds what a request needs to be accepted, when it is otherwise complete.
pub type SignRequest = fn(Request, &Access<'_>, Option<&SessionState>) -> Request;
/// Signs in or renews in place of the manifest's way. What it returns is stored before use.
pub type RefreshToken =
    for<'a> fn(&'a Access<'a>, Option<&'a SessionState>) -> HookFuture<'a, SessionState>;
/// Finds where the next page begins, given the page and where it began itself.
pub type NextPage = fn(&Value, Option<&Position>) -> Option<Position>;
/// Turns a body that is no JSON into JSON. The error is what is wrong with it.
pub type DecodePage = fn(&Response) -> Result<Value, String>;
/// Brings an id to its one form; `None` if it is none.
pub type NormaliseId = fn(&str) -> Option<String>;
/// Changes a user after its fields were read. The error is why the record cannot be used.
pub type MapUser = fn(&Value, PulledUser) -> Result<PulledUser, String>;
/// Says what an answer means, before the manifest's rules; `None`: nothing special.
pub type ClassifyError = fn(&Response) -> Option<ErrorClass>;

/// Changes the JSON body of a write before it is sent. The error is why it cannot be written.
pub type BuildActivity = fn(Value, &Activity) -> Result<Value, String>;
/// Whether a webhook is what it says to be.
pub type VerifyWebhook = fn(&IncomingWebhook<'_>) -> bool;

/// The hooks of one provider; those that its manifest names, and no others.
#[derive(Clone, Copy, Default)]
pub struct Hooks {
    /// See [`NormaliseSettings`].
    pub normalise_settings: Option<NormaliseSettings>,
    /// See [`SignRequest`].
    pub sign_request: Option<SignRequest>,
    /// See [`RefreshToken`].
    pub refresh_token: Option<RefreshToken>,
    /// See [`NextPage`].
    pub next_page: Option<NextPage>,
    /// See [`DecodePage`].
    pub decode_page: Option<DecodePage>,
    /// See [`NormaliseId`].
    pub normalise_id: Option<NormaliseId>,
    /// See [`MapUser`].
    pub map_user: Option<MapUser>,
    /// See [`ClassifyError`].
    pub classify_error: Option<ClassifyError>,
    /// See [`BuildActivity`].
    pub build_activity: Option<BuildActivity>,
    /// See [`VerifyWebhook`].
    pub verify_webhook: Option<VerifyWebhook>,
}

impl Hooks {
    /// The names of those that are there.
    pub fn names(&self) -> Vec<HookName> {
        let there = [
            (
                HookName::NormaliseSettings,
                self.normalise_settings.is_some(),
            ),
            (HookName::SignRequest, self.sign_request.is_some()),
            (HookName::RefreshToken, self.refresh_token.is_some()),
            (HookName::NextPage, self.next_page.is_some()),
            (HookName::DecodePage, self.decode_page.is_some()),
            (HookName::NormaliseId, self.normalise_id.is_some()),
            (HookName::MapUser, self.map_user.is_some()),
            (HookName::ClassifyError, self.classify_error.is_some()),
            (HookName::BuildActivity, self.build_activity.is_some()),
            (HookName::VerifyWebhook, self.verify_webhook.is_some()),
        ];
        there
            .into_iter()
            .filter_map(|(name, is_there)| is_there.then_some(name))
            .collect()
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Hooks").field(&self.names()).finish()
    }
}
