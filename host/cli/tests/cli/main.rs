//! The command line as its callers see it: arguments in, exit codes, standard output and standard error out. And the documents.

mod answers;
mod bad_input;
mod board;
mod converters;
mod crossbar;
mod documents;
mod examples;
mod foreign_words;
mod inside;
mod link;
mod memoization;
mod output;
mod outputs;
mod pages;
mod progress;
mod quantize;
mod reading;
mod results;
mod selftest;
mod sequences;
mod setting;
mod tools;
mod tying;
mod usage;
mod windows;
mod workflow;
