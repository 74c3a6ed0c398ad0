//! A block's struct is the only place that declares its ports: the two derives take simulation, port list and documentation from
//! the struct's fields and their doc comments. `engram_hdl::prelude` says what the derived code does.
//!
//! A field is an input (`Signal<In, _>`), an output (`Signal<Out, _>`), a local signal (`Signal<Local, _>`), a constant
//! (`Constant<_>`) or a part (any other type); or a vector of one of these. Fields whose names begin with `_` belong to the Rust
//! model alone. A block has a field `_evaluation: Evaluation`.

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{
    Attribute, Data, DeriveInput, Error, Expr, ExprLit, Field, GenericArgument, Ident, Lit, Meta, PathArguments, Type,
};

/// A block with a Rust model and a Verilog text of its own: implements rust-hdl's `Logic` and `Block`, `Cycle` and `Documented`.
#[proc_macro_derive(Leaf)]
pub fn leaf(input: TokenStream) -> TokenStream {
    derive(input, leaf_impls)
}

/// A block that wires parts with an `#[hdl_gen]` kernel: implements rust-hdl's `Block`, and `Cycle` and `Documented`.
#[proc_macro_derive(Composite)]
pub fn composite(input: TokenStream) -> TokenStream {
    derive(input, composite_impls)
}

fn derive(input: TokenStream, impls: fn(&DeriveInput, &Fields) -> Tokens) -> TokenStream {
    let input = syn::parse_macro_input!(input as DeriveInput);
    match Fields::of(&input) {
        Ok(fields) => {
            let (impls, documented) = (impls(&input, &fields), documented(&input, &fields));
            quote! { #impls #documented }.into()
        }
        Err(error) => error.to_compile_error().into(),
    }
}

/// The fields of a block by their kinds, in the order of the struct.
#[derive(Default)]
struct Fields {
    inputs: Vec<Ident>,
    outputs: Vec<Ident>,
    locals: Vec<Ident>,
    constants: Vec<Ident>,
    parts: Vec<Ident>,
    /// The fields among them that are vectors.
    vectors: Vec<Ident>,
    /// The doc comments of inputs and outputs.
    docs: Vec<(String, String)>,
}

impl Fields {
    fn of(input: &DeriveInput) -> Result<Fields, Error> {
        let Data::Struct(data) = &input.data else {
            return Err(Error::new_spanned(input, "found an enum or a union, expected the struct of a block"));
        };
        let mut fields = Fields::default();
        for field in &data.fields {
            fields.add(field)?;
        }
        Ok(fields)
    }

    fn add(&mut self, field: &Field) -> Result<(), Error> {
        let Some(name) = &field.ident else {
            return Err(Error::new_spanned(field, "found a field without a name, expected a name for the Verilog"));
        };
        if name.to_string().starts_with('_') {
            return Ok(());
        }
        let (kind, direction) = kind(&field.ty);
        if element(&field.ty).is_some() {
            self.vectors.push(name.clone());
        }
        let list = match (kind.as_str(), direction.as_str()) {
            ("Signal", "In") => &mut self.inputs,
            ("Signal", "Out") => &mut self.outputs,
            ("Signal", _) => &mut self.locals,
            ("Constant", _) => &mut self.constants,
            _ => &mut self.parts,
        };
        list.push(name.clone());
        if matches!(direction.as_str(), "In" | "Out") {
            self.docs.push((name.to_string(), doc(&field.attrs)));
        }
        Ok(())
    }
}

/// A type's name, and its first parameter that is a type.
fn name_and_parameter(ty: &Type) -> Option<(String, Option<&Type>)> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let parameter = match &last.arguments {
        PathArguments::AngleBracketed(list) => list.args.iter().find_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        }),
        _ => None,
    };
    Some((last.ident.to_string(), parameter))
}

/// The type of a vector's elements.
fn element(ty: &Type) -> Option<&Type> {
    name_and_parameter(ty).filter(|(name, _)| name == "Vec")?.1
}

/// The name of a field's type, and of its first parameter; of a vector those of its elements.
fn kind(ty: &Type) -> (String, String) {
    let (name, parameter) = name_and_parameter(element(ty).unwrap_or(ty)).unwrap_or_default();
    let parameter = parameter.and_then(name_and_parameter).map(|(name, _)| name);
    (name, parameter.unwrap_or_default())
}

/// The text of a doc comment, its lines joined by spaces.
fn doc(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value().trim().to_string()),
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join(" ")
}

/// `Documented`: the doc comments of the block and of its ports.
fn documented(input: &DeriveInput, fields: &Fields) -> Tokens {
    let (name, (generics, types, bounds)) = (&input.ident, input.generics.split_for_impl());
    let ports = fields.docs.iter().map(|(port, text)| quote! { (#port, #text) });
    quote! {
        impl #generics ::engram_hdl::prelude::Documented for #name #types #bounds {
            const PORTS: &'static [(&'static str, &'static str)] = &[#(#ports),*];
        }
    }
}

/// A leaf is evaluated when one of its inputs has changed; an edge steps it.
fn leaf_impls(input: &DeriveInput, fields: &Fields) -> Tokens {
    let (name, (generics, types, bounds)) = (&input.ident, input.generics.split_for_impl());
    let Fields { inputs, outputs, vectors, .. } = fields;
    let ports = || inputs.iter().chain(outputs);
    let accepts = accepts(ports());
    let connects = outputs.iter().map(|output| match vectors.contains(output) {
        true => quote! { self.#output.iter_mut().for_each(::engram_hdl::prelude::Logic::connect); },
        false => quote! { self.#output.connect(); },
    });
    let clock = inputs.iter().find(|input| *input == "clock");
    let edges = clock.map(|clock| quote! { if self.#clock.pos_edge() { ::engram_hdl::prelude::Leaf::step(self); } });
    quote! {
        impl #generics ::engram_hdl::prelude::Logic for #name #types #bounds {
            fn update(&mut self) {
                #edges
                ::engram_hdl::prelude::Leaf::settle(self);
            }
            fn connect(&mut self) {
                #(#connects)*
            }
            fn hdl(&self) -> ::engram_hdl::prelude::Verilog {
                ::engram_hdl::prelude::Verilog::Custom(::engram_hdl::prelude::Leaf::verilog(self))
            }
        }
        impl #generics ::engram_hdl::prelude::Block for #name #types #bounds {
            fn connect_all(&mut self) {
                ::engram_hdl::prelude::Logic::connect(self);
            }
            fn update_all(&mut self) {
                let mut stirred = false;
                #(self.#inputs.update_all(); stirred |= self.#inputs.has_changed();)*
                self._evaluation.changed = false;
                if stirred || !self._evaluation.settled {
                    self._evaluation.settled = true;
                    ::engram_hdl::prelude::Logic::update(self);
                    #(self.#outputs.update_all(); self._evaluation.changed |= self.#outputs.has_changed();)*
                }
            }
            fn has_changed(&self) -> bool {
                self._evaluation.changed
            }
            #accepts
        }
        impl #generics ::engram_hdl::prelude::Cycle for #name #types #bounds {
            fn edge(&mut self) -> bool {
                ::engram_hdl::prelude::Leaf::step(self);
                ::engram_hdl::prelude::Leaf::settle(self);
                let mut changed = false;
                #(self.#outputs.update_all(); changed |= self.#outputs.has_changed();)*
                changed
            }
        }
    }
}

/// A composite is evaluated with its parts until nothing moves when one of its inputs or parts has changed; an edge is an edge of
/// all parts.
fn composite_impls(input: &DeriveInput, fields: &Fields) -> Tokens {
    let (name, (generics, types, bounds)) = (&input.ident, input.generics.split_for_impl());
    let Fields { inputs, outputs, locals, constants, parts, .. } = fields;
    let all: Vec<_> = [inputs, outputs, locals, constants, parts].into_iter().flatten().collect();
    let accepts = accepts(all.iter().copied());
    quote! {
        impl #generics ::engram_hdl::prelude::Block for #name #types #bounds {
            fn connect_all(&mut self) {
                ::engram_hdl::prelude::Logic::connect(self);
                #(self.#all.connect_all();)*
            }
            fn update_all(&mut self) {
                let mut stirred = !self._evaluation.settled;
                #(self.#inputs.update_all(); stirred |= self.#inputs.has_changed();)*
                self._evaluation.changed = false;
                if !stirred {
                    return;
                }
                self._evaluation.settled = true;
                let mut rounds = 0;
                loop {
                    ::engram_hdl::prelude::Logic::update(self);
                    let mut moving = false;
                    #(self.#parts.update_all(); moving |= self.#parts.has_changed();)*
                    if !moving {
                        break;
                    }
                    rounds += 1;
                    assert!(rounds < 100, "a combinational loop in {}", stringify!(#name));
                }
                #(self.#outputs.update_all(); self._evaluation.changed |= self.#outputs.has_changed();)*
                #(self.#locals.update_all();)*
            }
            fn has_changed(&self) -> bool {
                self._evaluation.changed
            }
            #accepts
        }
        impl #generics ::engram_hdl::prelude::Cycle for #name #types #bounds {
            fn edge(&mut self) -> bool {
                let mut changed = false;
                #(changed |= self.#parts.edge();)*
                self._evaluation.settled &= !changed;
                changed
            }
        }
    }
}

/// `Block::accept`: shows the fields to a probe, by name.
fn accepts<'a>(fields: impl Iterator<Item = &'a Ident>) -> Tokens {
    let shown = fields.map(|field| {
        let name = field.to_string();
        quote! { self.#field.accept(#name, probe); }
    });
    quote! {
        fn accept(&self, name: &str, probe: &mut dyn ::engram_hdl::prelude::Probe) {
            probe.visit_start_scope(name, self);
            #(#shown)*
            probe.visit_end_scope(name, self);
        }
    }
}
