//! What is wrong with an expression.

/// A fault: where in the expression, in characters; what; and the word at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub at: usize,
    /// One of `too_long too_deep syntax bracket character number text_open path function arguments field kind column
    /// formula`.
    pub code: &'static str,
    pub name: String,
}

impl Fault {
    pub fn new(at: usize, code: &'static str, name: impl ToString) -> Fault {
        Fault { at, code, name: name.to_string() }
    }

    /// A fault of the whole expression.
    pub fn of(code: &'static str, name: impl ToString) -> Fault {
        Fault::new(0, code, name)
    }
}
