//! What a [`Reader`] and a [`Tx`] have in common, for functions that read in either.

use std::future::Future;

use base::{Problem, problem};

use crate::{FromRow, Reader, Result, Scope, Statement, Tx, Val};

/// Runs scoped statements.
pub trait Query: Send {
    fn scope(&self) -> &Scope;

    /// All rows. `args` start at `$3`.
    fn all<T: FromRow + Send>(
        &mut self,
        statement: &'static Statement,
        args: Vec<Val>,
    ) -> impl Future<Output = Result<Vec<T>>> + Send;

    /// The first row, if any.
    fn one<T: FromRow + Send>(
        &mut self,
        statement: &'static Statement,
        args: Vec<Val>,
    ) -> impl Future<Output = Result<Option<T>>> + Send {
        async move { Ok(self.all(statement, args).await?.into_iter().next()) }
    }

    /// The first row, or "not found".
    fn must<T: FromRow + Send>(
        &mut self,
        statement: &'static Statement,
        args: Vec<Val>,
    ) -> impl Future<Output = Result<T>> + Send {
        async move { self.one(statement, args).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND)) }
    }
}

impl Query for Reader {
    fn scope(&self) -> &Scope {
        &self.scope
    }

    async fn all<T: FromRow + Send>(
        &mut self,
        statement: &'static Statement,
        args: Vec<Val>,
    ) -> Result<Vec<T>> {
        self.rows(statement, args).await?.iter().map(T::from_row).collect()
    }
}

impl Query for Tx {
    fn scope(&self) -> &Scope {
        &self.scope
    }

    async fn all<T: FromRow + Send>(
        &mut self,
        statement: &'static Statement,
        args: Vec<Val>,
    ) -> Result<Vec<T>> {
        self.rows(statement, args).await?.iter().map(T::from_row).collect()
    }
}
