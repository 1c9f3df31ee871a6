//! What a connector can do: never declared, always derived from what its manifest holds.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_manifest::{DeliveryTier, Manifest};
use counterpart_model::activity::ActivityKind;

/// One thing that a connector can do, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capability {
    /// Lists users, whatever their state.
    ListUsers,
    /// Lists the users changed since an instant.
    ChangedUsers,
    /// Reads one user by its id.
    GetUser,
    /// Knows users' extensions.
    Extensions,
    /// Knows users' own outside numbers.
    Numbers,
    /// Knows users' devices.
    Devices,
    /// Finds contacts by phone.
    FindByPhone,
    /// Finds contacts by e-mail.
    FindByEmail,
    /// Lists contacts.
    ListContacts,
    /// Lists the contacts changed since an instant.
    ChangedContacts,
    /// Writes this kind of record under its owner.
    Write(ActivityKind),
    /// Reads the owner of what was written back.
    ReadOwnerBack,
    /// Finds what was written by our key.
    FindByKey,
    /// Changes what was written.
    Update,
    /// Takes away what was written.
    Delete,
    /// Writes in the owner's own name.
    Impersonation,
    /// Sends webhooks that can be told from forged ones.
    Webhooks,
    /// Shows a record on a user's screen.
    ScreenPop,
    /// Has links to records' pages.
    RecordLinks,
    /// Has links to users' pages.
    UserLinks,
    /// Places calls from a user's phone.
    PlaceCall,
    /// Says how many requests are left.
    Allowance,
    /// Can be signed in to without an address that the vendor can reach.
    SignInWithoutPublicAddress,
    /// Can be signed in to by a redirect.
    SignInByRedirect,
    /// Recognises test environments.
    Sandboxes,
}

impl Capability {
    /// All of them, in the order they are shown.
    pub fn all() -> impl Iterator<Item = Self> {
        [
            Self::SignInWithoutPublicAddress,
            Self::SignInByRedirect,
            Self::ListUsers,
            Self::ChangedUsers,
            Self::GetUser,
            Self::Extensions,
            Self::Numbers,
            Self::Devices,
            Self::FindByPhone,
            Self::FindByEmail,
            Self::ListContacts,
            Self::ChangedContacts,
        ]
        .into_iter()
        .chain(ActivityKind::ALL.map(Self::Write))
        .chain([
            Self::ReadOwnerBack,
            Self::FindByKey,
            Self::Update,
            Self::Delete,
            Self::Impersonation,
            Self::Webhooks,
            Self::ScreenPop,
            Self::RecordLinks,
            Self::UserLinks,
            Self::PlaceCall,
            Self::Allowance,
            Self::Sandboxes,
        ])
    }

    /// Its name in the API and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ListUsers => "list_users",
            Self::ChangedUsers => "changed_users",
            Self::GetUser => "get_user",
            Self::Extensions => "extensions",
            Self::Numbers => "numbers",
            Self::Devices => "devices",
            Self::FindByPhone => "find_by_phone",
            Self::FindByEmail => "find_by_email",
            Self::ListContacts => "list_contacts",
            Self::ChangedContacts => "changed_contacts",
            Self::Write(ActivityKind::Call) => "write_call",
            Self::Write(ActivityKind::Note) => "write_note",
            Self::Write(ActivityKind::Task) => "write_task",
            Self::Write(ActivityKind::Ticket) => "write_ticket",
            Self::Write(ActivityKind::TicketNote) => "write_ticket_note",
            Self::Write(ActivityKind::TimeEntry) => "write_time_entry",
            Self::ReadOwnerBack => "read_owner_back",
            Self::FindByKey => "find_by_key",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Impersonation => "impersonation",
            Self::Webhooks => "webhooks",
            Self::ScreenPop => "screen_pop",
            Self::RecordLinks => "record_links",
            Self::UserLinks => "user_links",
            Self::PlaceCall => "place_call",
            Self::Allowance => "allowance",
            Self::SignInWithoutPublicAddress => "sign_in_without_public_address",
            Self::SignInByRedirect => "sign_in_by_redirect",
            Self::Sandboxes => "sandboxes",
        }
    }

    /// What it is called in pages and documents.
    pub const fn title(self) -> &'static str {
        match self {
            Self::ListUsers => "Lists users",
            Self::ChangedUsers => "Lists changed users",
            Self::GetUser => "Reads one user",
            Self::Extensions => "Extensions",
            Self::Numbers => "Direct numbers",
            Self::Devices => "Devices",
            Self::FindByPhone => "Finds contacts by phone",
            Self::FindByEmail => "Finds contacts by e-mail",
            Self::ListContacts => "Lists contacts",
            Self::ChangedContacts => "Lists changed contacts",
            Self::Write(ActivityKind::Call) => "Logs calls",
            Self::Write(ActivityKind::Note) => "Writes notes",
            Self::Write(ActivityKind::Task) => "Writes tasks",
            Self::Write(ActivityKind::Ticket) => "Opens tickets",
            Self::Write(ActivityKind::TicketNote) => "Writes ticket notes",
            Self::Write(ActivityKind::TimeEntry) => "Writes time entries",
            Self::ReadOwnerBack => "Reads the owner back",
            Self::FindByKey => "Finds its writes",
            Self::Update => "Changes its writes",
            Self::Delete => "Deletes its writes",
            Self::Impersonation => "Writes in the owner's name",
            Self::Webhooks => "Webhooks in",
            Self::ScreenPop => "Screen pop",
            Self::RecordLinks => "Links to records",
            Self::UserLinks => "Links to users",
            Self::PlaceCall => "Click to call",
            Self::Allowance => "Requests left",
            Self::SignInWithoutPublicAddress => "No public address needed",
            Self::SignInByRedirect => "Redirect sign-in",
            Self::Sandboxes => "Recognises sandboxes",
        }
    }
}

/// What a connector can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// What it can do.
    pub all: BTreeSet<Capability>,
    /// What happens to a write whose answer was lost.
    pub delivery: DeliveryTier,
    /// The same for each kind of record that is written.
    pub delivery_of: BTreeMap<ActivityKind, DeliveryTier>,
}

impl Capabilities {
    /// What a manifest holds.
    pub fn of(manifest: &Manifest) -> Self {
        let delivery_of = manifest
            .activities
            .iter()
            .map(|activity| {
                (
                    activity.kind,
                    activity.delivery.unwrap_or(manifest.delivery),
                )
            })
            .collect();
        let written = manifest
            .activities
            .iter()
            .map(|it| Capability::Write(it.kind));
        let all = held(manifest).filter_map(|(capability, held)| held.then_some(capability));
        Self {
            all: all.chain(written).collect(),
            delivery: manifest.delivery,
            delivery_of,
        }
    }

    /// Whether it can do that.
    pub fn has(&self, capability: Capability) -> bool {
        self.all.contains(&capability)
    }
}

/// Every capability but those of writing, and whether the manifest holds what it takes.
fn held(manifest: &Manifest) -> impl Iterator<Item = (Capability, bool)> {
    let users = &manifest.users;
    let contacts = &manifest.contacts;
    let activities = &manifest.activities;
    let has_id = |kind: &str| users.fields.other_ids.iter().any(|id| id.kind == kind);
    [
        (Capability::ListUsers, true),
        (Capability::ChangedUsers, users.changed.is_some()),
        (Capability::GetUser, users.one.is_some()),
        (Capability::Extensions, !users.fields.extension.is_empty()),
        (Capability::Numbers, has_id("number")),
        (Capability::Devices, has_id("device")),
        (
            Capability::FindByPhone,
            contacts.iter().any(|it| it.by_phone.is_some()),
        ),
        (
            Capability::FindByEmail,
            contacts.iter().any(|it| it.by_email.is_some()),
        ),
        (
            Capability::ListContacts,
            contacts.iter().any(|it| it.full.is_some()),
        ),
        (
            Capability::ChangedContacts,
            contacts.iter().any(|it| it.changed.is_some()),
        ),
        (
            Capability::ReadOwnerBack,
            activities.iter().any(|it| it.read.is_some()),
        ),
        (
            Capability::FindByKey,
            activities.iter().any(|it| it.find.is_some()),
        ),
        (
            Capability::Update,
            activities.iter().any(|it| it.update.is_some()),
        ),
        (
            Capability::Delete,
            activities.iter().any(|it| it.delete.is_some()),
        ),
        (Capability::Impersonation, manifest.impersonation.is_some()),
        (Capability::Webhooks, manifest.webhooks.is_some()),
        (Capability::ScreenPop, manifest.screen_pop.is_some()),
        (
            Capability::RecordLinks,
            contacts.iter().any(|it| it.link.is_some())
                || activities.iter().any(|it| it.link.is_some()),
        ),
        (Capability::UserLinks, manifest.user_link.is_some()),
        (Capability::PlaceCall, manifest.place_call.is_some()),
        (Capability::Allowance, manifest.budget.is_some()),
        (
            Capability::SignInWithoutPublicAddress,
            manifest.sign_in.iter().any(|way| way.authorize().is_none()),
        ),
        (
            Capability::SignInByRedirect,
            manifest.sign_in.iter().any(|way| way.authorize().is_some()),
        ),
        (
            Capability::Sandboxes,
            !manifest.environments.sandbox.is_empty(),
        ),
    ]
    .into_iter()
}
