//! Fields that a company adds to nouns of ours: a form for each noun, designed and published like any other. What is in
//! force and what was answered lies on a lower floor (`custom`), where the nouns are.

use api::{
    Access, Answer, Caller, Kit, Path, Routes,
    axum::{self, extract::State},
    ok, routes,
};
use base::{Problem, problem};
use custom::Noun;
use db::{Permission, Result, Tx};
use forms::FormSpec;

use crate::{
    model::{FormPage, Purpose, Spec, Text},
    sql, store,
};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::May(Permission::FormWrite), routes!(open))
}

fn title(noun: Noun) -> Text {
    let (zh, en) = match noun {
        Noun::Customer => ("客户的自定义字段", "Fields of customers"),
        Noun::Employee => ("人员的自定义字段", "Fields of people"),
        Noun::Task => ("任务的自定义字段", "Fields of tasks"),
        Noun::Equipment => ("设备的自定义字段", "Fields of equipment"),
    };
    Text::from([("zh-CN".to_owned(), zh.to_owned()), ("en".to_owned(), en.to_owned())])
}

async fn opened(tx: &mut Tx, noun: Noun) -> Result<FormPage> {
    match sql::with_key(tx, Purpose::Standard.key(), noun.key()).await? {
        Some(id) => store::page(tx, id).await,
        None => {
            let spec = Spec(FormSpec { title: title(noun), ..FormSpec::default() });
            store::create(tx, None, Purpose::Standard, noun.key(), &spec).await
        }
    }
}

/// The form that holds the fields a company adds to a noun of ours: customer, employee, task or equipment. Made with an empty draft when
/// there is none; changed and published like every form (`/forms/{id}`).
#[utoipa::path(put, path = "/custom-fields/{noun}", tag = "custom fields", params(("noun" = String, Path)), responses((status = 200, body = FormPage), (status = 404, body = api::ProblemDocument)))]
async fn open(State(kit): State<Kit>, caller: Caller, Path(noun): Path<String>) -> Answer<FormPage> {
    let noun = Noun::from_key(&noun).ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    ok(kit.db.write(&caller.scope, move |tx| Box::pin(async move { opened(tx, noun).await })).await?)
}
