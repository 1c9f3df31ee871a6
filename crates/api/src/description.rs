//! What the description of the API says beside what the handlers say of themselves: title,
//! security, the ids in paths, and that every failure is a problem.

use std::collections::BTreeMap;

use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, KnownFormat, ObjectBuilder, OpenApi, RefOr,
    Required, Response, ResponseBuilder, SchemaFormat, Type,
};
use utoipa::{PartialSchema as _, ToSchema as _};

use crate::pending_change_sets::WaitingChangeSet;
use crate::problem::{FieldProblem, MEDIA_TYPE, Problem};

/// The name of the security scheme.
const TOKEN: &str = "token";

const ABOUT: &str = "Ties the people of a phone or sales platform to their users in each \
connected CRM, one to one, explained, and keeps it true.\n\n\
Send a token as `Authorization: Bearer cpt_…`. A token belongs to one organization and has a \
role: viewers see, admins also map and connect, owners also manage tokens.\n\n\
Where the organization wants a second person, a change is answered with 202 and the address \
where it waits: nothing is changed until somebody else approves it. Sent again, it waits twice; \
approving, rejecting and withdrawing may be repeated.\n\n\
Lists come in pages: send the `next` of one page as `after` for the following one, or follow the \
`Link` header. Every failure is a problem of RFC 9457 with a stable `code`, a `remedy`, and the \
id of the request. A name that is not known, in a query or a body, is refused.\n\n\
Times are RFC 3339 in UTC; ends of periods may also be `always` or `forever`. CRM user ids are \
opaque text.";

/// The tags, in the order in which a reader needs them.
const TAGS: [(&str, &str); 10] = [
    ("Organizations", "The organizations that a token opens"),
    ("People", "The organization's people, on the platform side"),
    ("Connections", "Connected CRMs and their users"),
    ("Runs", "Pulls of a connection's users"),
    (
        "Mapping",
        "Who is whom: the grid, proposals, mappings, decisions",
    ),
    (
        "System checks",
        "Whether connections, and people's accounts there, do what they have to",
    ),
    ("Changes", "What was changed, by whom, when and why"),
    ("Events", "What happened, as a log and by webhooks"),
    ("Access", "Members and tokens"),
    ("Health", "Whether the service works; needs no token"),
];

/// The description with all of that.
pub(crate) fn completed(mut openapi: OpenApi) -> OpenApi {
    openapi.info = InfoBuilder::new()
        .title("Counterpart")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .build();
    let tags = TAGS.map(|(name, about)| TagBuilder::new().name(name).description(Some(about)));
    openapi.tags = Some(tags.map(TagBuilder::build).to_vec());
    openapi.security = Some(vec![requirement()]);
    add_components(&mut openapi);
    let paths = std::mem::take(&mut openapi.paths.paths);
    openapi.paths.paths = paths
        .into_iter()
        .map(|(path, mut item)| {
            let path = path.strip_suffix('/').unwrap_or(&path).to_owned();
            let ids = ids_in(&path);
            for operation in operations(&mut item) {
                complete_operation(operation, &ids);
            }
            (path, item)
        })
        .collect();
    openapi
}

fn requirement() -> SecurityRequirement {
    SecurityRequirement::new(TOKEN, Vec::<String>::new())
}

fn add_components(openapi: &mut OpenApi) {
    let mut scheme = Http::new(HttpAuthScheme::Bearer);
    scheme.description = Some("A token of the organization, `cpt_…`".to_owned());
    let problem = ResponseBuilder::new()
        .description("What went wrong, and what to do about it")
        .content(
            MEDIA_TYPE,
            ContentBuilder::new()
                .schema(Some(
                    utoipa::openapi::Ref::from_schema_name(Problem::name()),
                ))
                .build(),
        );
    let known = openapi.components.take().unwrap_or_default();
    let mut components = ComponentsBuilder::from(known)
        .schema(Problem::name(), Problem::schema())
        .schema(FieldProblem::name(), FieldProblem::schema())
        .schema(WaitingChangeSet::name(), WaitingChangeSet::schema())
        .response("Problem", problem.build())
        .build();
    components.add_security_scheme(TOKEN, SecurityScheme::Http(scheme));
    openapi.components = Some(components);
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut item.get,
        &mut item.put,
        &mut item.post,
        &mut item.delete,
        &mut item.patch,
    ]
    .into_iter()
    .flatten()
}

fn complete_operation(operation: &mut Operation, ids: &[Parameter]) {
    if !ids.is_empty() {
        let named = operation.parameters.get_or_insert_default();
        named.splice(0..0, ids.iter().cloned().map(RefOr::T));
    }
    let is_paged = operation
        .parameters
        .iter()
        .flatten()
        .any(|parameter| matches!(parameter, RefOr::T(it) if it.name == "after"));
    let id = operation.operation_id.as_deref().unwrap_or_default();
    if MAY_WAIT.contains(&id) {
        let responses = &mut operation.responses.responses;
        responses.insert("202".to_owned(), RefOr::T(waiting()));
    }
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response {
            describe_headers(status, response, is_paged);
        }
    }
    operation.responses.responses.insert(
        "default".to_owned(),
        RefOr::Ref(utoipa::openapi::Ref::from_response_name("Problem")),
    );
}

/// What is answered with its version.
const VERSIONED: [&str; 6] = [
    "PersonWithExtension",
    "PersonDetail",
    "Connection",
    "ConnectionDetail",
    "Mapping",
    "Webhook",
];

/// What may wait for a second person: every change of mappings, people, decisions and
/// matching settings.
const MAY_WAIT: [&str; 20] = [
    "create_person",
    "change_person",
    "replace_person",
    "import_people",
    "deactivate_person",
    "reactivate_person",
    "add_people_from_crm_users",
    "create_mapping",
    "remove_mapping",
    "apply_mappings",
    "apply_pairs",
    "hand_over",
    "create_decision",
    "withdraw_decision",
    "repair_drift",
    "apply_change_set",
    "accept_certain",
    "undo_change_set",
    "set_matching_settings",
    "set_connection_matching_settings",
];

/// The answer of whatever waits.
fn waiting() -> Response {
    let schema = utoipa::openapi::Ref::from_schema_name(WaitingChangeSet::name());
    ResponseBuilder::new()
        .description(
            "Nothing was changed yet: the organization wants a second person for changes of this \
             size, and the change waits",
        )
        .content(
            "application/json",
            ContentBuilder::new().schema(Some(schema)).build(),
        )
        .build()
}

fn describe_headers(status: &str, response: &mut Response, is_paged: bool) {
    let is_versioned = response.content.values().any(|content| {
        matches!(content, RefOr::T(content) if matches!(&content.schema, Some(RefOr::Ref(schema))
            if VERSIONED.iter().any(|name| schema.ref_location.ends_with(&format!("/{name}")))))
    });
    let headers = [
        ("Location", "Its address", matches!(status, "201" | "202")),
        ("ETag", "Its version, for `If-Match`", is_versioned),
        (
            "Link",
            "The next page, `rel=\"next\"`; none on the last",
            is_paged,
        ),
    ];
    for (name, about, _) in headers.into_iter().filter(|(_, _, is_there)| *is_there) {
        let header = HeaderBuilder::new()
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
            .description(Some(about));
        response
            .headers
            .insert(name.to_owned(), RefOr::T(header.build()));
    }
}

/// The parameters that stand in the path, in its order.
fn ids_in(path: &str) -> Vec<Parameter> {
    let known = BTreeMap::from([
        ("organization_id", "The organization, which is the token's"),
        ("person_id", "The person"),
        ("connection_id", "The connection"),
        ("run_id", "The run"),
        ("mapping_id", "The mapping"),
        ("decision_id", "The decision"),
        ("token_id", "The token"),
        ("webhook_id", "The webhook"),
        (
            "number",
            "The number of the change set, or the one under which it waits",
        ),
        ("check_id", "The system check"),
        ("view_id", "The saved view"),
        (
            "crm_user_id",
            "The CRM's id of the user, in any form that the vendor shows",
        ),
    ]);
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| {
            let schema = if name == "number" {
                ObjectBuilder::new()
                    .schema_type(Type::Integer)
                    .minimum(Some(1))
            } else if name == "crm_user_id" {
                ObjectBuilder::new().schema_type(Type::String)
            } else {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
            };
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .description(known.get(name).copied())
                .schema(Some(schema))
                .build()
        })
        .collect()
}
