//! The list of forms, and each of them.

use api::{
    Kit, Path, Peer,
    axum::{
        extract::State,
        http::{HeaderMap, StatusCode},
        response::Response,
    },
};
use base::Problem;
use db::Result;
use md5::{Digest, Md5};

use crate::answer::{answer, escaped, lang, refused, who};

/// Forms of the company that may be filled in with ODK Collect, for a person who works in the field: an OpenRosa form list.
#[utoipa::path(get, path = "/openrosa/formList", tag = "openrosa", responses((status = 200, description = "Form list", content_type = "text/xml"), (status = 401, body = api::ProblemDocument), (status = 403, body = api::ProblemDocument), (status = 429, body = api::ProblemDocument)))]
pub(crate) async fn list(State(kit): State<Kit>, peer: Peer, headers: HeaderMap) -> Response {
    match listed(&kit, peer, &headers).await {
        Ok(xml) => answer(StatusCode::OK, xml),
        Err(problem) => refused(problem, &headers),
    }
}

async fn listed(kit: &Kit, peer: Peer, headers: &HeaderMap) -> Result<String> {
    let scope = who(kit, headers, peer).await?;
    let offered = formbook::offered(&mut kit.db.read(&scope).await?).await?;
    let url = format!("{}/api/v1/openrosa", kit.public_url(headers));
    let english = lang(headers) == base::problem::Lang::En;
    let made = tokio::task::spawn_blocking(move || {
        let mut xml = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xforms xmlns=\"http://openrosa.org/xforms/xformsList\">",
        );
        for form in offered {
            let version = form.number.to_string();
            let made = xlsform::xform(&form.spec.0, &form.key, &version);
            if made.losses.iter().any(|l| l.refused) {
                continue;
            }
            let own = form.title.get(if english { "en" } else { "zh-CN" });
            let title = own.or_else(|| form.title.values().next()).unwrap_or(&form.key);
            xml.push_str(&format!(
                "<xform><formID>{key}</formID><name>{}</name><version>{version}</version><hash>md5:{}</hash>\
                 <downloadUrl>{url}/forms/{key}/{version}</downloadUrl></xform>",
                escaped(title),
                hex::encode(Md5::digest(made.xml.as_bytes())),
                key = form.key,
                url = escaped(&url),
            ));
        }
        xml.push_str("</xforms>");
        xml
    });
    made.await.map_err(Problem::internal)
}

/// A published version of a form as an ODK XForm.
#[utoipa::path(get, path = "/openrosa/forms/{key}/{number}", tag = "openrosa", params(("key" = String, Path), ("number" = i64, Path)), responses((status = 200, description = "ODK XForm", content_type = "text/xml"), (status = 401, body = api::ProblemDocument), (status = 404, body = api::ProblemDocument), (status = 429, body = api::ProblemDocument)))]
pub(crate) async fn form(
    State(kit): State<Kit>,
    peer: Peer,
    headers: HeaderMap,
    Path((key, number)): Path<(String, i64)>,
) -> Response {
    match written(&kit, peer, &headers, key, number).await {
        Ok(xml) => answer(StatusCode::OK, xml),
        Err(problem) => refused(problem, &headers),
    }
}

async fn written(kit: &Kit, peer: Peer, headers: &HeaderMap, key: String, number: i64) -> Result<String> {
    let scope = who(kit, headers, peer).await?;
    let (_, spec) = formbook::collected_version(&mut kit.db.read(&scope).await?, &key, number).await?;
    let made = tokio::task::spawn_blocking(move || xlsform::xform(&spec.0, &key, &number.to_string()));
    let made = made.await.map_err(Problem::internal)?;
    match made.losses.iter().any(|l| l.refused) {
        true => Err(Problem::new(base::problem::NOT_FOUND)),
        false => Ok(made.xml),
    }
}

/// Files that belong to a form: there are none, its choices are within it.
#[utoipa::path(get, path = "/openrosa/forms/{key}/{number}/manifest", tag = "openrosa", params(("key" = String, Path), ("number" = i64, Path)), responses((status = 200, description = "Manifest", content_type = "text/xml"), (status = 401, body = api::ProblemDocument), (status = 404, body = api::ProblemDocument), (status = 429, body = api::ProblemDocument)))]
pub(crate) async fn manifest(
    State(kit): State<Kit>,
    peer: Peer,
    headers: HeaderMap,
    Path((key, number)): Path<(String, i64)>,
) -> Response {
    match written(&kit, peer, &headers, key, number).await {
        Ok(_) => {
            let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest xmlns=\"http://openrosa.org/xforms/xformsManifest\"/>";
            answer(StatusCode::OK, xml.into())
        }
        Err(problem) => refused(problem, &headers),
    }
}
