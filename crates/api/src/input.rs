//! What comes in: paths, queries and bodies, each refused with a problem that names what is
//! wrong.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, JsonRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri, header};
use counterpart_model::Code;
use serde::de::DeserializeOwned;

use crate::BODY_LIMIT;
use crate::failure::Failure;
use crate::paging;

/// The ids in the path.
#[derive(Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        axum::extract::Path::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Path(path)| Self(path))
            .map_err(|rejection| {
                Failure::malformed(format!("the path is wrong: {}", rejection.body_text()))
            })
    }
}

/// The parameters of the query, without those of paging. A name that `T` does not know is
/// refused: a filter that is misspelt must not show everything.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let query = paging::without_paging(parts.uri.query().unwrap_or_default());
        let uri = Uri::builder()
            .path_and_query(format!("/?{query}"))
            .build()
            .map_err(|error| Failure::malformed(format!("the query is wrong: {error}")))?;
        axum::extract::Query::try_from_uri(&uri)
            .map(|axum::extract::Query(query)| Self(query))
            .map_err(|rejection: QueryRejection| {
                Failure::malformed(format!("the query is wrong: {}", rejection.body_text()))
            })
    }
}

/// A JSON body.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        match Json::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(refused_json(&rejection)),
        }
    }
}

/// A JSON body that may be left out.
#[derive(Debug)]
pub(crate) struct OptionalBody<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for OptionalBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let bytes = read(Request::from_parts(parts.clone(), body), state).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        let request = Request::from_parts(parts, bytes.into());
        let Body(body) = Body::from_request(request, state).await?;
        Ok(Self(body))
    }
}

/// A body as it came, with what it says it is.
#[derive(Debug)]
pub(crate) struct RawBody {
    /// The media type in lower case, without its parameters; empty when it says nothing.
    pub(crate) media_type: String,
    /// The body.
    pub(crate) bytes: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for RawBody {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let media_type = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .map(|value| value.trim().to_ascii_lowercase())
            .unwrap_or_default();
        Ok(Self {
            media_type,
            bytes: read(request, state).await?,
        })
    }
}

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Failure> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection: BytesRejection| {
            refused_body(rejection.status(), &rejection.body_text())
        })
}

fn refused_json(rejection: &JsonRejection) -> Failure {
    let text = rejection.body_text();
    match rejection {
        JsonRejection::JsonDataError(_) => Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            Code::RequestInvalid,
            format!("the body is wrong: {text}"),
        ),
        JsonRejection::MissingJsonContentType(_) => Failure::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Code::RequestInvalid,
            "the body must be JSON; send `Content-Type: application/json`",
        ),
        other => refused_body(other.status(), &text),
    }
}

fn refused_body(status: StatusCode, text: &str) -> Failure {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        let megabytes = BODY_LIMIT / (1024 * 1024);
        return Failure::new(
            status,
            Code::FileTooLarge,
            format!("the body is larger than {megabytes} MiB; send it in parts"),
        );
    }
    Failure::new(
        status,
        Code::RequestInvalid,
        format!("the body is wrong: {text}"),
    )
}
