//! Errors as the outside sees them (RFC 9457): a stable code, what happened, what to do, in the reader's
//! language. A code is also the translation key on the clients.
//!
//! Each crate declares its own codes once:
//!
//! ```
//! base::problems! {
//!     /// The customer does not exist, or is outside the caller's scope.
//!     NOT_FOUND = 404 "customer.not_found",
//!         zh "没有这个客户" / "客户可能已被删除，或不在你的数据范围内。",
//!         en "No such customer" / "It may have been deleted or lie outside your data scope.";
//! }
//! let problem = base::Problem::new(NOT_FOUND).with("id", "42");
//! assert_eq!(problem.code.status, 404);
//! ```

use std::fmt;

/// A declared problem: code, HTTP status and its texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// Stable, dotted, lower case: `visit.too_far`.
    pub code: &'static str,
    pub status: u16,
    pub zh_title: &'static str,
    /// What the reader can do about it. `{name}` is replaced by the parameter `name`.
    pub zh_detail: &'static str,
    pub en_title: &'static str,
    pub en_detail: &'static str,
}

inventory::collect!(&'static Code);

/// Every code declared in the linked program, for the documentation and the tests.
pub fn all_codes() -> Vec<&'static Code> {
    let mut codes: Vec<_> = inventory::iter::<&'static Code>.into_iter().copied().collect();
    codes.sort_by_key(|c| c.code);
    codes
}

#[doc(hidden)]
pub use inventory;

/// Declares problem codes; see the module documentation.
#[macro_export]
macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $status:literal $code:literal,
        zh $zt:literal / $zd:literal, en $et:literal / $ed:literal;)*) => {$(
        $(#[$doc])*
        pub const $name: &$crate::problem::Code = &$crate::problem::Code {
            code: $code, status: $status, zh_title: $zt, zh_detail: $zd, en_title: $et, en_detail: $ed,
        };
        $crate::problem::inventory::submit! { $name }
    )*};
}

/// Language of a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    #[default]
    Zh,
    En,
}

/// One field of the input that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer or column name.
    pub field: String,
    pub code: &'static Code,
    pub params: Vec<(&'static str, String)>,
}

/// A problem to answer with. Carries parameters, never internals.
#[derive(Debug, Clone)]
pub struct Problem {
    pub code: &'static Code,
    pub params: Vec<(&'static str, String)>,
    pub fields: Vec<FieldError>,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u32>,
    /// Kept for the log only; never sent.
    pub source: Option<String>,
}

impl Problem {
    pub fn new(code: &'static Code) -> Problem {
        Problem { code, params: vec![], fields: vec![], retry_after: None, source: None }
    }

    /// Adds a named value, shown in the texts as `{name}` and sent as a member of the problem document.
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Problem {
        self.params.push((name, value.to_string()));
        self
    }

    /// Names a wrong field.
    pub fn field(mut self, field: impl Into<String>, code: &'static Code) -> Problem {
        self.fields.push(FieldError { field: field.into(), code, params: vec![] });
        self
    }

    pub fn retry_after(mut self, seconds: u32) -> Problem {
        self.retry_after = Some(seconds);
        self
    }

    /// An internal failure: logged with its cause, answered without it.
    pub fn internal(cause: impl fmt::Display) -> Problem {
        let mut problem = Problem::new(INTERNAL);
        problem.source = Some(cause.to_string());
        problem
    }

    pub fn title(&self, lang: Lang) -> String {
        fill(if lang == Lang::Zh { self.code.zh_title } else { self.code.en_title }, &self.params)
    }

    pub fn detail(&self, lang: Lang) -> String {
        fill(if lang == Lang::Zh { self.code.zh_detail } else { self.code.en_detail }, &self.params)
    }
}

impl FieldError {
    pub fn message(&self, lang: Lang) -> String {
        fill(if lang == Lang::Zh { self.code.zh_detail } else { self.code.en_detail }, &self.params)
    }
}

fn fill(text: &str, params: &[(&'static str, String)]) -> String {
    params.iter().fold(text.to_owned(), |t, (name, value)| t.replace(&format!("{{{name}}}"), value))
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code.code, self.source.as_deref().unwrap_or(""))
    }
}

impl std::error::Error for Problem {}

crate::problems! {
    /// A fault of ours.
    INTERNAL = 500 "server.internal",
        zh "服务器内部错误" / "这次请求没有完成，数据没有丢失。请稍后重试；若反复出现，把请求编号交给管理员。",
        en "Internal server error" / "The request was not completed and nothing was lost. Try again later; if it keeps happening give the request id to your administrator.";
    /// The store cannot take writes at the moment.
    BUSY = 503 "server.busy",
        zh "服务器繁忙" / "请稍候自动重试，数据会保留在本机。",
        en "Server busy" / "Please retry shortly; your data stays on your device.";
    NOT_FOUND = 404 "not_found",
        zh "没有找到" / "内容不存在，或不在你的数据范围内。",
        en "Not found" / "It does not exist or lies outside your data scope.";
    /// The body or query cannot be read as what the operation expects.
    INVALID = 422 "input.invalid",
        zh "输入有误" / "{reason}",
        en "Invalid input" / "{reason}";
    REQUIRED = 422 "input.required",
        zh "缺少必填项" / "此项必填。",
        en "Missing value" / "This field is required.";
    TOO_LONG = 422 "input.too_long",
        zh "内容太长" / "内容超过长度上限。",
        en "Too long" / "The value is longer than allowed.";
    BAD_VALUE = 422 "input.bad_value",
        zh "值不正确" / "请检查此项的格式或取值范围。",
        en "Bad value" / "Check the format or range of this field.";
    DUPLICATE_VALUE = 422 "input.duplicate",
        zh "值重复" / "已有相同的记录。",
        en "Duplicate value" / "There is already a record with this value.";
    MALFORMED = 400 "input.malformed",
        zh "请求格式错误" / "{reason}",
        en "Malformed request" / "{reason}";
    TOO_LARGE = 413 "input.too_large",
        zh "内容太大" / "请求超过大小上限 {limit}。",
        en "Too large" / "The request exceeds the limit of {limit}.";
    /// Same client-made id, other content.
    CONFLICT = 409 "sync.conflict",
        zh "编号已被其他内容使用" / "同一编号的记录已存在且内容不同，服务器保留了原记录。",
        en "Id already used for other content" / "A record with this id exists with different content; the server kept the original.";
    /// Optimistic lock: somebody else changed the row.
    VERSION = 409 "version.conflict",
        zh "内容已被他人修改" / "请刷新后再改，你的输入仍在页面上。",
        en "Changed by somebody else" / "Reload and apply your change again; your input is still on the page.";
    UNAUTHENTICATED = 401 "auth.required",
        zh "请先登录" / "登录已失效或没有登录。",
        en "Sign in first" / "You are not signed in, or the session has ended.";
    FORBIDDEN = 403 "auth.forbidden",
        zh "没有权限" / "你的角色没有这项权限（{permission}），请联系管理员。",
        en "Not permitted" / "Your role lacks the permission {permission}; ask your administrator.";
    RATE_LIMITED = 429 "rate.limited",
        zh "操作太频繁" / "请稍候再试。",
        en "Too many requests" / "Please wait before trying again.";
    METHOD = 405 "method.not_allowed",
        zh "不支持的操作" / "此地址不支持该请求方法。",
        en "Method not allowed" / "This address does not support that method.";
}
