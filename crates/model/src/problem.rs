//! The codes of everything that can go wrong, each with its cause and remedy.
//!
//! A code is stable: it stands in the API's problems, on pages, in run reports and in logs, and
//! `counterpart explain CODE` prints what is written here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! codes {
    ($($variant:ident = $text:literal, $title:literal, $cause:literal, $remedy:literal;)*) => {
        /// What went wrong, as a stable word.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $variant,)*
        }

        impl Code {
            /// Every code, in the order of this file.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The code itself, for example `connection.unauthorized`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// What happened, in a few words.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// What usually causes it.
            pub const fn cause(self) -> &'static str {
                match self { $(Self::$variant => $cause,)* }
            }

            /// What to do about it.
            pub const fn remedy(self) -> &'static str {
                match self { $(Self::$variant => $remedy,)* }
            }
        }
    };
}

codes! {
    ConnectionUnauthorized = "connection.unauthorized",
        "the CRM does not accept the credentials",
        "The key, secret or user was mistyped, has expired, was revoked, or belongs to another environment.",
        "Open the connection, paste the credentials again and press Test. Check that the API user is active in the CRM.";
    ConnectionForbidden = "connection.forbidden",
        "a permission is missing in the CRM",
        "The API user signed in, but its role or the app's scope does not allow this call.",
        "Give the API user the permission named in the message; the connection's set-up steps list all that are needed.";
    ConnectionUnreachable = "connection.unreachable",
        "the CRM's host does not answer",
        "The name does not resolve, the port is closed, a firewall drops the call, or the host is down.",
        "Check the address in the connection's settings, and that this machine may reach it. The data of the last good sync stays.";
    ConnectionTls = "connection.tls",
        "no secure connection could be made",
        "The certificate is expired, self-signed, or issued for another name; or a proxy breaks TLS open.",
        "Correct the address, or have the certificate renewed.";
    ConnectionAddressRefused = "connection.address_refused",
        "the address is not allowed",
        "The host leads to a private, loopback or reserved address, or the link uses plain http. Both are refused unless an operator allows them.",
        "Correct the address. If the system really is inside your own network, start the service with --allow-address and its address range.";
    ConnectionRedirected = "connection.redirected",
        "the host answered with a redirect",
        "The address is outdated or leads to a sign-in page. Credentials are never sent along to another host.",
        "Enter the address that the redirect names, if it is the CRM's own, and test again.";
    ConnectionRateLimited = "connection.rate_limited",
        "the CRM asks to slow down",
        "Too many calls in a short time, perhaps by other integrations of the same CRM.",
        "Nothing to do: the sync goes on where it stopped. If it recurs, look at what else uses the CRM's API.";
    ConnectionQuotaExhausted = "connection.quota_exhausted",
        "the CRM's quota of calls is used up",
        "All API calls of the CRM's plan for the day are spent, by this or another integration.",
        "Wait until the quota is renewed, or buy more calls from the vendor.";
    ConnectionUnavailable = "connection.unavailable",
        "the CRM reports an error of its own",
        "The CRM answered with a server error, or is in maintenance.",
        "Wait and resync; look at the vendor's status page if it lasts.";
    ConnectionTimeout = "connection.timeout",
        "the CRM did not answer in time",
        "The CRM or the network between is slow.",
        "Resync. If it lasts, look at the vendor's status page.";
    ConnectionUnexpectedAnswer = "connection.unexpected_answer",
        "the answer is not what this API answers",
        "The address leads to a web page instead of the API, the instance is asleep, a proxy answers in its place, or the API changed.",
        "Check the address. If it is right, report the provider and the message.";
    ConnectionBrokenOff = "connection.broken_off",
        "the answer broke off in the middle",
        "The line was cut while a page was being read.",
        "Resync: the pull goes on at the page that broke off.";
    ConnectionCursorRepeated = "connection.cursor_repeated",
        "the CRM's list leads back to a page already read",
        "A fault of the CRM's paging; going on would never end.",
        "Resync. If it recurs, report it to the vendor; the data of the last good sync stays.";
    ConnectionInvalidText = "connection.invalid_text",
        "the answer is not valid text",
        "The CRM sent bytes that are not UTF-8.",
        "Find the record in the CRM whose name looks damaged, correct it there and resync.";
    ConnectionCountMismatch = "connection.count_mismatch",
        "fewer users came than the CRM counted",
        "The list was cut short, or users changed while it was read.",
        "Resync. Nobody was taken for gone.";
    ConnectionListIncomplete = "connection.list_incomplete",
        "the list of users leaves somebody out",
        "Users that the list did not bring are still there when they are asked for one by one: a filter, a page size or a fault of the CRM.",
        "Nobody was taken for gone. Look at the filters and permissions of the connecting user; if they are right, report it to the CRM's vendor.";
    ConnectionPolicyInvalid = "connection.policy_invalid",
        "a number of the connection's safety settings makes no sense",
        "It is below the least or above the most that it may be.",
        "Correct the fields named in the message.";
    ConnectionIdInvalid = "connection.id_invalid",
        "a user came without a usable id",
        "The id is missing, empty, or of another type than this CRM's ids are.",
        "Report the provider and the message; nothing was changed.";
    ConnectionNotFound = "connection.not_found",
        "the CRM does not know what was asked for",
        "The API's version or the path in the address is wrong, or the object is hidden from the API user.",
        "Check the address and the API user's permissions.";
    ConnectionUnsupported = "connection.unsupported",
        "this CRM cannot do that",
        "The provider's API has no such function, or the connector does not use it.",
        "See the provider's page in the documentation for what it can do.";
    ConnectionRefused = "connection.refused",
        "the CRM refused the request",
        "The CRM calls the request wrong: a field it does not have, a value it does not take.",
        "The message holds the CRM's own words. Check the settings; if they are right, report the message.";
    ConnectorNotConforming = "connector.not_conforming",
        "a connector does not do what every connector must",
        "A check of the conformance kit failed: the manifest says something other than the provider does.",
        "Each failed check says what it found. Correct the manifest, and run `counterpart connector test` again.";
    ConnectionOtherOrg = "connection.other_org",
        "the connection now leads to another organization of the vendor",
        "Address or credentials were changed to those of another CRM organization; its user ids mean other people.",
        "Restore the old settings, or add a new connection for the other organization.";
    ConnectionSettingsInvalid = "connection.settings_invalid",
        "a setting is missing or wrong",
        "A required field is empty or its value is not of the right form.",
        "Fill in the field named in the message.";
    ConnectionProviderUnknown = "connection.provider_unknown",
        "there is no connector of that name",
        "The name was mistyped, or the connector is not part of this version.",
        "Choose one of the names that `counterpart connection providers` prints.";
    ConnectionNameTaken = "connection.name_taken",
        "another connection has this name",
        "Names of connections are unique in an organization.",
        "Choose another name.";
    ConnectionBusy = "connection.busy",
        "a sync of this connection is under way",
        "Somebody else, or the schedule, started it.",
        "Wait for it to end; its progress is on the connection's page.";
    ConnectionPaused = "connection.paused",
        "the connection is paused",
        "Somebody switched it off.",
        "Resume it on its page first.";
    RunHeld = "run.held",
        "a brake stopped the sync before its first change",
        "The run would take away more users than is plausible in a day: usually a lost permission, a changed filter, or a broken list.",
        "Look at the run. Allow it if the users really left; reject it otherwise, and mend the cause in the CRM.";
    RunNotHeld = "run.not_held",
        "the run does not wait for a decision",
        "It was allowed or rejected meanwhile, or nobody decided in time.",
        "Reload the page.";
    MappingOverlap = "mapping.overlap",
        "one of the two is mapped already",
        "In this connection a person has one CRM user and a CRM user one person at a time.",
        "Remove the other mapping first, or move it: both sides are named in the message.";
    MappingStale = "mapping.stale",
        "something else was changed meanwhile",
        "Another person or process changed the same thing after you looked at it.",
        "Reload, look at what is there now, and repeat the change if it still makes sense.";
    MappingNotFound = "mapping.not_found",
        "there is no such mapping",
        "It was removed, or the id is wrong.",
        "Reload the list.";
    DriftNotFound = "drift.not_found",
        "the mapping does not drift",
        "It was put right meanwhile, or the CRM's user is again as it was when the pair was confirmed.",
        "Reload the list.";
    DriftRepairInvalid = "drift.repair_invalid",
        "the repair does not fit",
        "It is none of those that put this cause right, or it lacks whom it is to lead to.",
        "Choose one of the repairs that the drift names, with what the message asks for.";
    DriftPolicyInvalid = "drift.policy_invalid",
        "the policy does not fit the cause",
        "A repair that would be a guess is never applied by itself.",
        "Choose propose or ignore for this cause.";
    MatchingSettingsInvalid = "matching.settings_invalid",
        "the matching settings make no sense",
        "A number is out of its bounds, a text is no domain or name, or nothing is left to match by.",
        "Correct the fields named in the message.";
    CrmUserNotFound = "crm_user.not_found",
        "the connection has no such CRM user",
        "The id is mistyped, or the user was added after the last sync.",
        "Resync the connection, then search for the user by name.";
    PersonNotFound = "person.not_found",
        "there is no such person",
        "The id is wrong, or belongs to another organization.",
        "Search for the person by name.";
    PersonInvalid = "person.invalid",
        "the person's data is incomplete or wrong",
        "A required field is empty, or an e-mail address is not one.",
        "Correct the field named in the message.";
    PersonDuplicate = "person.duplicate",
        "somebody else has this external id",
        "External ids are unique in an organization.",
        "Open the other person, named in the message, or leave the id out.";
    ExtensionTaken = "person.extension_taken",
        "somebody else has this extension",
        "In one phone system an extension belongs to one person at a time.",
        "Take it from the other person first, or correct the number.";
    ChangeSetEmpty = "change_set.empty",
        "there is nothing to change",
        "Every edit is already true, or the draft is empty.",
        "Nothing to do.";
    ChangeSetWaiting = "change_set.waiting",
        "the change waits for a second person",
        "The organization wants a second person for changes of this size. Nothing has been changed yet.",
        "Ask another admin or owner to approve it, under Changes → Waiting or by `counterpart pending approve`. After two weeks it expires.";
    PendingConflict = "pending.conflict",
        "what was changed since is in the way of this change",
        "While the change waited, others changed some of what it is about. Nothing was applied.",
        "Look at the lines that clash. Approve the rest, or reject it and say why.";
    PendingDecided = "pending.decided",
        "somebody has decided about this change already",
        "It was approved, rejected or withdrawn meanwhile, or it has expired.",
        "Look at what became of it. To have it after all, make the change again.";
    PendingOwn = "pending.own",
        "nobody approves a change of their own",
        "You made it, or the token was made by whoever made it.",
        "Ask another admin or owner. To take it back, withdraw it.";
    EventCursorUnknown = "event.cursor_unknown",
        "the cursor lies outside of the event log",
        "Events are kept for 30 days, and this place is older; or the database was restored from a backup that is older than the cursor.",
        "Read what is true now from the lists of the API, then go on from the cursor that `GET /events/cursor` answers.";
    WebhookInvalid = "webhook.invalid",
        "the webhook is incomplete or wrong",
        "The name or the address is missing, the address is none, or no kind of event is chosen.",
        "Correct the field named in the message.";
    WebhookStale = "webhook.stale",
        "the webhook was changed meanwhile",
        "Somebody else saved it, or it was disabled after its receiver had failed for days.",
        "Load it again and repeat the change.";
    WebhookDisabled = "webhook.disabled",
        "the webhook's receiver was given up",
        "It answered 410 Gone, or every attempt of three days failed. Events wait, for 30 days.",
        "Look at the delivery log, mend the receiver, send a test event, then resume the webhook: it goes on where it stopped.";
    ChangeSetConflict = "change_set.conflict",
        "later changes are in the way of undoing this one",
        "What the change set changed was changed again since, or what would come back cannot stand beside what came later. Nothing was undone.",
        "Look at what stands there now, then undo the rest: everything that nothing is in the way of. Or undo the later change first.";
    FileUnreadable = "file.unreadable",
        "the file cannot be read",
        "It does not exist, is a folder, or may not be read.",
        "Check the path and its permissions.";
    FileUnwritable = "file.unwritable",
        "the file cannot be written",
        "The folder does not exist, is full, or may not be written.",
        "Check the path, its permissions and the free space.";
    FileEmpty = "file.empty",
        "the file has no rows",
        "It is empty, or holds a header alone.",
        "Export it again with its rows.";
    FileEncoding = "file.encoding",
        "the file's text encoding is not understood",
        "It is not UTF-8, nor UTF-16 with a byte-order mark; old spreadsheets save Latin-1 or Windows-1252.",
        "Save it as \"CSV UTF-8\".";
    FileHeader = "file.header",
        "a column is missing",
        "The first row must name the columns, and one that is needed is not among them, or stands there twice.",
        "Add the column named in the message, or say which column it is.";
    FileRagged = "file.ragged",
        "a row has more or fewer fields than the header",
        "A separator inside a value is not quoted, or the line was cut.",
        "Correct the line named in the message, or export the file again.";
    FileDuplicateId = "file.duplicate_id",
        "an id stands in the file twice",
        "The id column must tell the rows apart.",
        "Remove the duplicate, or choose another id column.";
    FileScientificId = "file.scientific_id",
        "an id was turned into a rounded number",
        "A spreadsheet took the id for a number and wrote it like 1.23E+15; its last digits are lost.",
        "Format the column as text before entering the ids, and export again. They cannot be recovered from this file.";
    FileTooLarge = "file.too_large",
        "the file is too large",
        "It is larger than this way of sending accepts.",
        "Split it, or use the command line.";
    FileInvalid = "file.invalid",
        "the file says something that cannot be",
        "It names a person, a connection or a CRM user that is not there, says the same thing twice, or has two mappings of one side overlap.",
        "Correct the lines named in the message and try again; nothing was changed.";
    AuthRequired = "auth.required",
        "sign in first",
        "The request carries no session or token, or one that has ended.",
        "Sign in, or send a valid token in the Authorization header.";
    AuthWrongCredentials = "auth.wrong_credentials",
        "e-mail address or password is wrong",
        "One of the two is mistyped, or the account does not exist.",
        "Try again. An owner can set a new password with `counterpart account password`.";
    AuthThrottled = "auth.throttled",
        "too many attempts to sign in",
        "Too many wrong passwords came for this account or from this address.",
        "Wait for the time named in the message.";
    AuthForbidden = "auth.forbidden",
        "your role does not allow this",
        "Viewers see, admins also map and connect, owners also manage accounts and tokens.",
        "Ask an owner of the organization to do it, or for another role.";
    AuthSetupLink = "auth.setup_link",
        "the set-up link is not valid",
        "It was used already, has expired, or was not copied completely.",
        "Use the link that `counterpart serve` printed last; start the service again for a new one.";
    AuthCrossSite = "auth.cross_site",
        "the request came from another site",
        "The form was sent from a page that is not this service's, or a proxy changes the Origin or Host header.",
        "Open the page at this service's own address. Behind a proxy, pass the Host header on or set --public-url.";
    AccountExists = "account.exists",
        "there is an account with this e-mail address",
        "Addresses are compared without regard to case.",
        "Sign in with it, or choose another address.";
    AccountInvalid = "account.invalid",
        "the account's data is wrong",
        "The address is not one, or the password is too short.",
        "Correct the field named in the message.";
    OrganizationNotFound = "organization.not_found",
        "there is no such organization",
        "The name or id is wrong, or you are not a member.",
        "`counterpart organization list` prints the names.";
    OrganizationInvalid = "organization.invalid",
        "the organization's data is wrong",
        "The name is empty or taken, or the time zone is not an IANA name.",
        "Correct the field named in the message.";
    RequestInvalid = "request.invalid",
        "the request is not understood",
        "A field is missing, of the wrong type, or the body is not JSON.",
        "Compare it with the API's description at /api/openapi.json.";
    RequestNotFound = "request.not_found",
        "there is nothing at this address",
        "The path is mistyped, or the thing was removed.",
        "Go back to the overview.";
    StoreOutdated = "store.outdated",
        "the database has an older schema",
        "The service was updated and the database was not.",
        "Make a backup, then run `counterpart db migrate`.";
    StoreNewer = "store.newer",
        "the database has a newer schema",
        "A newer version of the service has used it.",
        "Use that version again, or restore a backup.";
    StoreInUse = "store.in_use",
        "another process uses this data folder",
        "A server or another command holds it.",
        "Stop the other process, or use the running server.";
    StoreUnavailable = "store.unavailable",
        "the database does not answer",
        "The disk is full or the database server is unreachable, overloaded or restarting.",
        "Check the disk or the database server; nothing was half written.";
    StoreBusy = "store.busy",
        "the database is busy",
        "Another change took too long or clashed with this one.",
        "Try again.";
    KeyMissing = "key.missing",
        "the master key is missing",
        "Stored credentials are sealed under a key outside the database, and it is not where it was.",
        "Restore the file master.key of the data folder from its backup, or set COUNTERPART_MASTER_KEY.";
    KeyWrong = "key.wrong",
        "the master key does not open this database's secrets",
        "The key belongs to another data folder, or was replaced.",
        "Use the key with which this database was made. If it is lost, enter the credentials of every connection again.";
    Usage = "usage",
        "the command is not understood",
        "An option is missing or has a value it cannot have.",
        "`counterpart --help` lists the commands, `counterpart COMMAND --help` its options.";
    Internal = "internal",
        "something went wrong inside",
        "A fault of this program.",
        "Report the request id; the log holds the details under it.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is no code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a code of this program; `counterpart explain` without a code lists all")]
pub struct ParseCodeError(pub String);

impl FromStr for Code {
    type Err = ParseCodeError;

    fn from_str(text: &str) -> Result<Self, ParseCodeError> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.as_str() == text)
            .ok_or_else(|| ParseCodeError(text.to_owned()))
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_by_its_text_and_says_what_to_do() {
        for code in Code::ALL {
            assert_eq!(code.as_str().parse(), Ok(*code));
            assert!(code.remedy().ends_with('.'), "{code} has no remedy");
        }
    }
}
