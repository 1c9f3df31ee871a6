//! The closed vocabularies of the API: the model's words, described for OpenAPI. A word added to
//! the model and not here does not compile.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $model:ty { $($variant:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub(crate) enum $name { $($variant),+ }

        impl From<$model> for $name {
            fn from(word: $model) -> Self {
                match word { $(<$model>::$variant => Self::$variant),+ }
            }
        }

        impl From<$name> for $model {
            fn from(word: $name) -> Self {
                match word { $($name::$variant => Self::$variant),+ }
            }
        }
    )+};
}

words! {
    /// What an account or token may do. Each role includes those before it.
    Role = counterpart_model::Role { Viewer, Admin, Owner }
    /// What a connection's users are to the organization.
    Side = counterpart_model::Side { Crm, Platform, Both }
    /// Whether a connected system is for real, or the CRM's own test environment.
    Environment = counterpart_model::Environment { Production, Sandbox }
    /// Which sides of a connection may be mapped more than once at a time.
    Cardinality = counterpart_model::Cardinality {
        OneToOne, PeopleShareCrmUser, PersonHasCrmUsers,
    }
    /// Whether a webhook is told of events.
    WebhookState = counterpart_model::WebhookState { Active, Paused, Disabled }
    /// How an attempt to deliver ended.
    AttemptOutcome = counterpart_model::webhook::AttemptOutcome { Delivered, Failed, GivenUp }
    /// Of which page of the portal a saved view is: rows of people, or of CRM users.
    ViewPage = counterpart_model::ViewPage { People, CrmUsers }
    /// The order of the grid's rows: by name, or by department and then by name.
    GridOrder = counterpart_store::grid::GridOrder { Name, Department }
    /// How a connection is.
    ConnectionState = counterpart_model::ConnectionState {
        New, Healthy, Troubled, Broken, Held, Paused,
    }
    /// Whether somebody can work with a CRM user's account now.
    CrmUserState = counterpart_model::CrmUserState { Active, Inactive, Invited, Deleted }
    /// Whether a CRM user is a human being.
    CrmUserKind = counterpart_model::CrmUserKind { Person, Api, Queue, Portal, Shared }
    /// What kind of handle an identity is.
    IdentityKind = counterpart_model::IdentityKind {
        Extension, Number, Device, PlatformUser, Email,
    }
    /// How a mapping came to be.
    MappingOrigin = counterpart_model::MappingOrigin { Manual, Proposal, Import, Provisioned }
    /// Where a change came from.
    ChangeSetOrigin = counterpart_model::ChangeSetOrigin {
        Portal, Api, Cli, Import, Demo, Policy,
    }
    /// What has become of a change set that waits, or waited.
    PendingState = counterpart_model::PendingState {
        Open, Approved, Rejected, Withdrawn, Expired,
    }
    /// How far a run is.
    RunState = counterpart_model::RunState { Pulling, Held, Complete, Failed, Rejected }
    /// What a run means for one CRM user.
    RunChangeKind = counterpart_store::runs::RunChangeKind {
        New, Changed, Deactivated, Gone, Returned, Missing,
    }
    /// The one state of a person in a connection.
    Situation = counterpart_model::Situation {
        Mapped, Proposed, Ambiguous, Unmapped, Ignored, Drifted, Held,
    }
    /// Why a line of a change set cannot be undone, or applied after it waited: it was `changed` again; what would come back
    /// cannot stand beside what came later (`in_the_way`); the person who was added and would go is
    /// `still_used`; the person it is about is not there any more (`person_gone`); it belongs
    /// `together` with another line that cannot be undone.
    UndoConflictCause = counterpart_service::mapping::UndoConflictCause {
        Changed, InTheWay, StillUsed, PersonGone, Together,
    }
    /// Why an edit clashes: the person's mapping was `changed` since; something was `decided` about
    /// the person since; or the CRM user is `taken` by somebody else.
    EditClashCause = counterpart_service::mapping::EditClashCause { Changed, Decided, Taken }
    /// How much of a change set is to be undone: `everything`, or nothing when something is in the
    /// way; or the `rest`, which is what nothing is in the way of.
    UndoScope = counterpart_service::mapping::UndoScope { Everything, Rest }
    /// Why a mapping that holds now may be true no longer.
    DriftCause = counterpart_model::DriftCause {
        OtherOrg, WrongIdKind, SeatRepurposed, PersonLeft, AnotherActiveUser, CrmUserDeleted,
        CrmUserDeactivated, NotAPerson, LicenceLost, NameChanged, ExtensionMoved, DuplicateEmail,
        EmailChanged,
    }
    /// How bad a drift is: `broken`, what is written now goes to the wrong place or nowhere;
    /// `look`, somebody should look; `note`, worth knowing.
    DriftSeverity = counterpart_model::drift::Severity { Broken, Look, Note }
    /// What puts a drift right: `hand_over`, the mapping ends on a date and the CRM user is
    /// somebody else's from then on; `end`, the mapping ends on a date; `move`, the person is the
    /// other CRM user; `confirm`, it is all right as it is; `remove`, the mapping never was right;
    /// `no_account`, the person has no account there; `shared_seat`, several people use the CRM
    /// user; `not_a_person`, the CRM user is no human being.
    Repair = counterpart_model::drift::Repair {
        HandOver, End, Move, Confirm, Remove, NoAccount, SharedSeat, NotAPerson,
    }
    /// What happens at a drift: `propose`, it is shown with its repairs; `act`, its first repair
    /// is applied; `ignore`, nothing.
    DriftPolicy = counterpart_model::DriftPolicy { Propose, Act, Ignore }
    /// In which order cases of the review queue come: `certain`, what drifted and then the most
    /// probable proposal; `doubtful`, the least probable proposal first.
    ReviewOrder = counterpart_store::review::ReviewOrder { Certain, Doubtful }
    /// What other matching settings make of a proposal: it `appears`, `disappears`, or `changes` to
    /// somebody else; the same `becomes_certain` or `becomes_uncertain`; others fit as well then
    /// (`becomes_ambiguous`) or no more (`becomes_clear`).
    MatchingEffectKind = counterpart_service::matching::EffectKind {
        Appears, Disappears, Changes, BecomesCertain, BecomesUncertain, BecomesAmbiguous,
        BecomesClear,
    }
    /// Whether a probe went well: `missing` is something optional that is not there.
    ProbeOutcome = counterpart_connector::ProbeOutcome { Passed, Failed, Missing }
}
