//! The memory network (MemN2N, Sukhbaatar et al., NIPS 2015), forward and backward, written by hand in f32.
//!
//! The same code computes two things. With real arithmetic it is the smooth network, whose gradients are exact. With
//! quantised arithmetic its forward pass is the integer model's, bit for bit (values on the formats' grids, see
//! [`crate::quantise`]), and its backward pass is the smooth network's, straight through every quantiser but where it
//! saturated.
//!
//! Both passes run with the widest vector instructions of the processor at hand.

use std::ops::Range;

use engram_learn::for_processor;

use engram_spec::memnet::Tying;

use crate::arithmetic::{Arithmetic, Products};
use crate::design::Design;
use crate::quantise::Quantiser;
use crate::relaxation::{Similarity, dot, sum_over};
use crate::tensors::{Shape, Tensors};

/// The way from the words of a sentence to a vector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// The sum of the words.
    BagOfWords,
    /// The sum of the words weighted by place: P\[j\]\[e\] = 1 - j/J - (e/E)(1 - 2j/J), counted from one (MemN2N,
    /// section 4.1).
    #[default]
    Position,
    /// The sum of the words weighted by place, with weights that start as those of `position` and are learnt.
    Learnt,
}

impl Encoding {
    /// The position weights of a shape, J x E; those to start from where they are learnt.
    pub fn weights(self, shape: &Shape) -> Vec<f32> {
        let (longest, elements) = (shape.positions as f32, shape.elements as f32);
        let weight = |place: usize| {
            let j = (place / shape.elements + 1) as f32 / longest;
            let e = (place % shape.elements + 1) as f32 / elements;
            if self == Encoding::BagOfWords { 1.0 } else { 1.0 - j - e * (1.0 - 2.0 * j) }
        };
        (0..shape.positions * shape.elements).map(weight).collect()
    }
}

/// The way from the memory's scores to its weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attention {
    /// p = softmax(s).
    Softmax,
    /// p = s: the linear start of MemN2N, section 4.1.
    Linear,
}

/// A question with its story: sentences, oldest first, the age of each (0 the newest), and the question's words.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// Sentences as words, oldest first; at most the shape's slots.
    pub sentences: &'a [Vec<u8>],
    /// The sentences' ages, below the shape's slots.
    pub ages: &'a [usize],
    /// The question's words.
    pub question: &'a [u8],
}

/// A network's function; its tensors are passed in.
#[derive(Debug)]
pub struct Network {
    /// The size.
    pub shape: Shape,
    /// The way from scores to weights.
    pub attention: Attention,
    /// Whether the backward pass gives the position weights' gradient.
    pub learns_position: bool,
    /// The similarity of each hop.
    pub(crate) similarities: Vec<Similarity>,
    arithmetic: Option<Arithmetic>,
}

/// The values of one question, kept from the forward pass for the backward pass. Allocated once.
#[derive(Debug)]
pub struct Workspace {
    /// The memories (m and c), memories x slots x E, without and with their age words.
    pub(crate) stored: Vec<f32>,
    pub(crate) aged: Vec<f32>,
    /// m with its age word as each hop compares it, hops x slots x E; the first hop's stands for all where they are alike.
    pub(crate) compared: Vec<f32>,
    /// u_0..u_K, (hops + 1) x E.
    pub(crate) u: Vec<f32>,
    /// Scores and weights, hops x slots, oldest sentence first.
    pub(crate) scores: Vec<f32>,
    pub(crate) weights: Vec<f32>,
    products: Vec<i32>,
    /// o of each hop, hops x E.
    pub(crate) o: Vec<f32>,
    /// The logits, one a word that may be the answer; after [`Network::loss`] the loss's gradient lies in `d_logits`.
    pub logits: Vec<f32>,
    d_logits: Vec<f32>,
    d_stored: Vec<f32>,
    d_u: Vec<f32>,
    d_next: Vec<f32>,
    d_row: Vec<f32>,
    d_scores: Vec<f32>,
}

impl Workspace {
    /// A workspace for networks of a shape.
    pub fn new(shape: &Shape) -> Workspace {
        let (slots, hops, memories) = (shape.slots, shape.hops, shape.memories());
        let row = |count: usize| vec![0.0; count * shape.elements];
        Workspace {
            stored: row(slots * memories),
            aged: row(slots * memories),
            compared: row(slots * hops),
            u: row(hops + 1),
            scores: vec![0.0; slots * hops],
            weights: vec![0.0; slots * hops],
            products: vec![0; shape.elements],
            o: row(hops),
            logits: vec![0.0; shape.answers()],
            d_logits: vec![0.0; shape.answers()],
            d_stored: row(slots * memories),
            d_u: row(1),
            d_next: row(1),
            d_row: row(1),
            d_scores: vec![0.0; slots],
        }
    }

    /// The word with the largest logit, the lowest number among equals.
    pub fn answer(&self) -> u8 {
        let mut best = 0;
        for (word, &logit) in self.logits.iter().enumerate() {
            if logit > self.logits[best] {
                best = word;
            }
        }
        best as u8
    }

    /// The memory's weights p in a hop, oldest sentence first, after a forward pass over `sentences` sentences.
    pub fn attention(&self, shape: &Shape, hop: usize, sentences: usize) -> &[f32] {
        &self.weights[hop * shape.slots..][..sentences]
    }

    /// A memory with its age words after a forward pass over `sentences` sentences: the first as it is before it is compared,
    /// others as they are read.
    pub fn aged(&self, shape: &Shape, memory: usize, sentences: usize) -> &[f32] {
        &self.aged[memory * shape.slots * shape.elements..][..sentences * shape.elements]
    }

    /// u_0..u_K after a forward pass, (hops + 1) x E.
    pub fn states(&self) -> &[f32] {
        &self.u
    }
}

for_processor! {
    /// [`Network::forward`] for the processor at hand.
    fn forward(network: &Network, tensors: &Tensors<f32>, query: &Query, work: &mut Workspace) {
        network.forward_inlined(tensors, query, work);
    }
}

for_processor! {
    /// [`Network::backward`] for the processor at hand.
    fn backward(
        network: &Network,
        tensors: &Tensors<f32>,
        query: &Query,
        scale: f32,
        work: &mut Workspace,
        gradient: &mut Tensors<f32>,
    ) {
        network.backward_inlined(tensors, query, scale, work, gradient);
    }
}

#[inline(always)]
fn add_scaled(sum: &mut [f32], factor: f32, row: &[f32]) {
    sum.iter_mut().zip(row).for_each(|(sum, &x)| *sum += factor * x);
}

#[inline(always)]
fn add_product(sum: &mut [f32], factors: &[f32], row: &[f32]) {
    sum.iter_mut().zip(factors).zip(row).for_each(|((sum, &factor), &x)| *sum += factor * x);
}

/// The inner product, of truncated products where arithmetic is conventional.
#[inline(always)]
fn inner(a: &[f32], b: &[f32], products: Option<&Quantiser>) -> f32 {
    match products {
        None => dot(a, b),
        Some(product) => product.saturate(sum_over(a, b, |x, y| product.truncate(x * y))),
    }
}

/// No gradient passes a value that is saturated.
#[inline(always)]
fn stop_saturated(gradient: &mut [f32], values: &[f32], quantiser: Option<&Quantiser>) {
    if let Some(quantiser) = quantiser {
        let rows = gradient.iter_mut().zip(values);
        rows.for_each(|(gradient, value)| *gradient = if value.abs() < quantiser.largest { *gradient } else { 0.0 });
    }
}

impl Network {
    /// The network of a design in its arithmetic. The tensors that are passed in must lie on the grids of their formats.
    pub fn new(design: &Design) -> Network {
        let arithmetic = design.mode.is_quantised().then(|| Arithmetic::new(design));
        Network { arithmetic, ..Network::smooth(design) }
    }

    /// The smooth network of a design, in real arithmetic whatever its mode.
    pub fn smooth(design: &Design) -> Network {
        let Design { shape, addressing, kappa, encoding, .. } = *design;
        let range = |hop| design.range() * (-design.grade(hop) as f32).exp2();
        let similarity = |hop| Similarity { addressing, range: range(hop), scale: (kappa as f32).exp2(), share: 1.0 };
        Network {
            shape,
            attention: Attention::Softmax,
            learns_position: encoding == Encoding::Learnt,
            similarities: (0..shape.hops).map(similarity).collect(),
            arithmetic: None,
        }
    }

    /// The network with a similarity of which the addressing has a share, 0 to 1, and the product the rest: the way of a training from
    /// the product to a bounded similarity.
    pub(crate) fn blended(mut self, share: f32) -> Network {
        self.similarities.iter_mut().for_each(|similarity| similarity.share = share);
        if let Some(arithmetic) = &mut self.arithmetic {
            arithmetic.blend(share);
        }
        self
    }

    /// Whether arithmetic is quantised.
    pub fn is_quantised(&self) -> bool {
        self.arithmetic.is_some()
    }

    #[inline(always)]
    fn quantiser(&self, which: impl Fn(&Arithmetic) -> &Quantiser) -> Option<&Quantiser> {
        self.arithmetic.as_ref().map(which)
    }

    /// The quantiser of `which`, to whose format products are truncated; `None` where they are not.
    #[inline(always)]
    fn products(&self, which: impl Fn(&Products) -> &Quantiser) -> Option<&Quantiser> {
        self.arithmetic.as_ref().and_then(|arithmetic| arithmetic.products.as_ref()).map(which)
    }

    /// The position weights of the words of a sentence: those beyond the last take it.
    #[inline(always)]
    pub(crate) fn positions<'a>(&self, position: &'a [f32]) -> impl Iterator<Item = &'a [f32]> {
        let elements = self.shape.elements;
        let last = &position[position.len() - elements..];
        position.chunks_exact(elements).chain(std::iter::repeat(last))
    }

    /// sum_j P\[j\] table\[w_j\], stored.
    #[inline(always)]
    fn embed(
        &self,
        table: &[f32],
        position: &[f32],
        words: &[u8],
        (stored, product): (Option<&Quantiser>, Option<&Quantiser>),
        row: &mut [f32],
    ) {
        row.fill(0.0);
        for (&word, factors) in words.iter().zip(self.positions(position)) {
            let weights = &table[usize::from(word) * row.len()..][..row.len()];
            match product {
                None => add_product(row, factors, weights),
                Some(product) => {
                    let rows = row.iter_mut().zip(factors).zip(weights);
                    rows.for_each(|((sum, factor), weight)| *sum += product.truncate(factor * weight));
                }
            }
        }
        if let Some(quantiser) = stored {
            quantiser.apply_all(row);
        }
    }

    /// Computes the logits of a question.
    pub fn forward(&self, tensors: &Tensors<f32>, query: &Query, work: &mut Workspace) {
        forward(self, tensors, query, work);
    }

    #[inline(always)]
    fn forward_inlined(&self, tensors: &Tensors<f32>, query: &Query, work: &mut Workspace) {
        let elements = self.shape.elements;
        for (slot, (words, &age)) in query.sentences.iter().zip(query.ages).enumerate() {
            for memory in 0..self.shape.memories() {
                let (row, age) = (self.row(memory, slot), age * elements..(age + 1) * elements);
                let (table, ages) = tensors.memory(&self.shape, memory);
                let stored = &mut work.stored[row.clone()];
                self.embed(table, &tensors.position, words, self.storing(memory), stored);
                add_aged(stored, &ages[age], self.reading(memory), &mut work.aged[row]);
            }
        }
        self.compare(query.sentences.len(), work);
        let question = (self.quantiser(|q| &q.states[0]), self.products(|p| &p.controller));
        let table = tensors.question(&self.shape);
        self.embed(table, &tensors.position, query.question, question, &mut work.u[..elements]);
        let controller = self.products(|p| &p.controller);
        for hop in 0..self.shape.hops {
            self.address(hop, query.sentences.len(), work);
            self.read(hop, query.sentences.len(), work);
            let (u, next) = work.u[hop * elements..].split_at_mut(elements);
            let sums = work.o[hop * elements..].iter().zip(&mut next[..elements]);
            match self.shape.tying {
                Tying::LayerWise => sums
                    .zip(tensors.h.chunks_exact(elements))
                    .for_each(|((&o, next), row)| *next = inner(row, u, controller) + o),
                Tying::Adjacent => sums.zip(u.iter()).for_each(|((&o, next), &u)| *next = u + o),
            }
            if let Some(state) = self.quantiser(|q| &q.states[hop + 1]) {
                state.apply_all(&mut next[..elements]);
            }
        }
        let u = &work.u[self.shape.hops * elements..];
        let rows = work.logits.iter_mut().zip(tensors.answer(&self.shape).chunks_exact(elements));
        rows.for_each(|(logit, row)| *logit = inner(row, u, controller));
    }

    /// The place of a memory's row in the workspace.
    #[inline(always)]
    pub(crate) fn row(&self, memory: usize, slot: usize) -> Range<usize> {
        let start = (memory * self.shape.slots + slot) * self.shape.elements;
        start..start + self.shape.elements
    }

    /// The place of some sentences' rows of a memory in the workspace.
    #[inline(always)]
    pub(crate) fn rows(&self, memory: usize, sentences: usize) -> Range<usize> {
        let start = self.row(memory, 0).start;
        start..start + sentences * self.shape.elements
    }

    /// The quantisers of a memory's rows and of the products that they sum.
    #[inline(always)]
    fn storing(&self, memory: usize) -> (Option<&Quantiser>, Option<&Quantiser>) {
        match memory {
            0 => (self.quantiser(|q| &q.memory_a), self.products(|p| &p.memory_a)),
            _ => (self.quantiser(|q| &q.memory_c), self.products(|p| &p.memory_c)),
        }
    }

    /// The quantiser of a memory's rows with their age words. The first memory is never read: it has those of the hops that compare
    /// it.
    #[inline(always)]
    fn reading(&self, memory: usize) -> Option<&Quantiser> {
        if memory == 0 { None } else { self.quantiser(|q| &q.memory_c) }
    }

    /// Whether every hop compares the same memory in one format.
    #[inline(always)]
    pub(crate) fn compares_alike(&self) -> bool {
        let one_format = |q: &Arithmetic| q.compared.iter().all(|hop| *hop == q.compared[0]);
        self.shape.tying == Tying::LayerWise && self.arithmetic.as_ref().is_none_or(one_format)
    }

    /// The place of a hop's compared memory in the workspace.
    #[inline(always)]
    pub(crate) fn compared(&self, hop: usize) -> usize {
        if self.compares_alike() { 0 } else { hop * self.shape.slots * self.shape.elements }
    }

    /// Rounds and saturates the memory with its age words to the format in which each hop compares it.
    #[inline(always)]
    fn compare(&self, sentences: usize, work: &mut Workspace) {
        let hops = if self.compares_alike() { 1 } else { self.shape.hops };
        for hop in 0..hops {
            let aged = &work.aged[self.rows(self.shape.tying.addressed(hop), sentences)];
            let compared = &mut work.compared[self.compared(hop)..][..aged.len()];
            compared.copy_from_slice(aged);
            if let Some(quantiser) = self.quantiser(|q| &q.compared[hop]) {
                quantiser.apply_all(compared);
            }
        }
    }

    /// Computes the scores of a hop.
    #[inline(always)]
    fn address(&self, hop: usize, sentences: usize, work: &mut Workspace) {
        let elements = self.shape.elements;
        let u = &work.u[hop * elements..][..elements];
        let scores = &mut work.scores[hop * self.shape.slots..][..sentences];
        let memory = work.compared[self.compared(hop)..].chunks_exact(elements);
        let similarity = &self.similarities[hop];
        match (&self.arithmetic, self.products(|p| &p.controller)) {
            (None, _) => scores.iter_mut().zip(memory).for_each(|(score, m)| *score = similarity.smooth(u, m)),
            (Some(arithmetic), None) => {
                scores.iter_mut().zip(memory).for_each(|(score, m)| *score = arithmetic.score(similarity.exact(u, m)));
            }
            (Some(_), product) => scores.iter_mut().zip(memory).for_each(|(score, m)| *score = inner(u, m, product)),
        }
    }

    /// Turns the scores of a hop into weights, and computes o, their mean of the memory.
    #[inline(always)]
    fn read(&self, hop: usize, sentences: usize, work: &mut Workspace) {
        let scores = &work.scores[hop * self.shape.slots..][..sentences];
        let weights = &mut work.weights[hop * self.shape.slots..][..sentences];
        let o = &mut work.o[hop * self.shape.elements..][..self.shape.elements];
        let aged_c = &work.aged[self.rows(self.shape.tying.read(hop), sentences)];
        o.fill(0.0);
        match (&self.arithmetic, self.attention) {
            _ if scores.is_empty() => return,
            (_, Attention::Linear) => weights.copy_from_slice(scores),
            (Some(arithmetic), Attention::Softmax) if arithmetic.products.is_none() => {
                return arithmetic.read(scores, weights, aged_c, &mut work.products, o);
            }
            (_, Attention::Softmax) => softmax(scores, weights),
        }
        let rows = weights.iter_mut().zip(aged_c.chunks_exact(self.shape.elements));
        match (self.products(|p| &p.controller), self.products(|p| &p.memory_c)) {
            (Some(weighted), Some(product)) => {
                for (weight, c) in rows {
                    *weight = weighted.truncate(*weight);
                    o.iter_mut().zip(c).for_each(|(o, &c)| *o += product.truncate(*weight * c));
                }
                o.iter_mut().for_each(|o| *o = product.saturate(*o));
            }
            _ => rows.for_each(|(&mut weight, c)| add_scaled(o, weight, c)),
        }
    }

    /// The cross-entropy of the answer against the softmax of the logits, after a forward pass.
    pub fn loss(&self, answer: u8, work: &mut Workspace) -> f32 {
        softmax(&work.logits, &mut work.d_logits);
        // A word that is no answer has no probability.
        let Some(probability) = work.d_logits.get_mut(usize::from(answer)) else { return -f32::MIN_POSITIVE.ln() };
        // Written so that no number stays none: the loss shows that a training diverges.
        let loss = if *probability < f32::MIN_POSITIVE { -f32::MIN_POSITIVE.ln() } else { -probability.ln() };
        *probability -= 1.0;
        loss
    }

    /// Adds the gradient of the loss, times `scale`, to `gradient`, after [`Network::loss`].
    pub fn backward(
        &self,
        tensors: &Tensors<f32>,
        query: &Query,
        scale: f32,
        work: &mut Workspace,
        gradient: &mut Tensors<f32>,
    ) {
        backward(self, tensors, query, scale, work, gradient);
    }

    #[inline(always)]
    fn backward_inlined(
        &self,
        tensors: &Tensors<f32>,
        query: &Query,
        scale: f32,
        work: &mut Workspace,
        gradient: &mut Tensors<f32>,
    ) {
        let (elements, sentences) = (self.shape.elements, query.sentences.len());
        for memory in 0..self.shape.memories() {
            work.d_stored[self.rows(memory, sentences)].fill(0.0);
        }
        work.d_u.fill(0.0);
        let u = &work.u[self.shape.hops * elements..];
        let (answer, d_answer) = (tensors.answer(&self.shape), gradient.answer_mut(&self.shape));
        let rows = answer.chunks_exact(elements).zip(d_answer.chunks_exact_mut(elements));
        for (&d_logit, (row, d_row)) in work.d_logits.iter().zip(rows) {
            add_scaled(&mut work.d_u, scale * d_logit, row);
            add_scaled(d_row, scale * d_logit, u);
        }
        for hop in (0..self.shape.hops).rev() {
            let state = self.quantiser(|q| &q.states[hop + 1]);
            stop_saturated(&mut work.d_u, &work.u[(hop + 1) * elements..][..elements], state);
            self.backward_hop(tensors, hop, sentences, work, gradient);
        }
        stop_saturated(&mut work.d_u, &work.u[..elements], self.quantiser(|q| &q.states[0]));
        let (d_table, d_position) = gradient.question_mut(&self.shape);
        let table = tensors.question(&self.shape);
        self.backward_embed((table, &tensors.position), &work.d_u, query.question, d_table, d_position);
        for (slot, (words, &age)) in query.sentences.iter().zip(query.ages).enumerate() {
            for memory in 0..self.shape.memories() {
                let (row, age) = (self.row(memory, slot), age * elements..(age + 1) * elements);
                let d_row = &mut work.d_stored[row.clone()];
                let (d_table, d_ages, d_position) = gradient.memory_mut(&self.shape, memory);
                stop_saturated(d_row, &work.aged[row.clone()], self.reading(memory));
                add_scaled(&mut d_ages[age], 1.0, d_row);
                stop_saturated(d_row, &work.stored[row], self.storing(memory).0);
                let table = tensors.memory(&self.shape, memory).0;
                self.backward_embed((table, &tensors.position), d_row, words, d_table, d_position);
            }
        }
    }

    /// Computes the gradient of u_hop from that of u_{hop+1} in `d_u`, and adds those of H and the memories.
    #[inline(always)]
    fn backward_hop(
        &self,
        tensors: &Tensors<f32>,
        hop: usize,
        sentences: usize,
        work: &mut Workspace,
        gradient: &mut Tensors<f32>,
    ) {
        let elements = self.shape.elements;
        let u = &work.u[hop * elements..][..elements];
        match self.shape.tying {
            Tying::LayerWise => {
                work.d_next.fill(0.0);
                let rows = tensors.h.chunks_exact(elements).zip(gradient.h.chunks_exact_mut(elements));
                for (&d, (row, d_row)) in work.d_u.iter().zip(rows) {
                    add_scaled(&mut work.d_next, d, row);
                    add_scaled(d_row, d, u);
                }
            }
            Tying::Adjacent => work.d_next.copy_from_slice(&work.d_u),
        }
        // The gradient of o is that of u_{hop+1}: o enters it as it is.
        let weights = &work.weights[hop * self.shape.slots..][..sentences];
        let d_scores = &mut work.d_scores[..sentences];
        let (rows, d_rows) =
            (self.rows(self.shape.tying.read(hop), sentences), self.rows(self.shape.tying.addressed(hop), sentences));
        let memory = work.aged[rows.clone()].chunks_exact(elements).zip(work.d_stored[rows].chunks_exact_mut(elements));
        for ((&weight, d_score), (c, d_c)) in weights.iter().zip(d_scores.iter_mut()).zip(memory) {
            *d_score = dot(&work.d_u, c);
            add_scaled(d_c, weight, &work.d_u);
        }
        if self.attention == Attention::Softmax {
            let mean = sum_over(weights, d_scores, |p, d| p * d);
            d_scores.iter_mut().zip(weights).for_each(|(d, &p)| *d = p * (*d - mean));
        }
        let scores = &work.scores[hop * self.shape.slots..][..sentences];
        let compared = self.quantiser(|q| &q.compared[hop]);
        let compared_rows = work.compared[self.compared(hop)..].chunks_exact(elements);
        let memory = compared_rows.zip(work.d_stored[d_rows].chunks_exact_mut(elements));
        for ((&d_score, &score), (m, d_m)) in d_scores.iter().zip(scores).zip(memory) {
            if self.arithmetic.as_ref().is_some_and(|arithmetic| arithmetic.is_saturated(score)) {
                continue;
            }
            work.d_row.fill(0.0);
            self.similarities[hop].gradient(u, m, d_score, &mut work.d_next, &mut work.d_row);
            stop_saturated(&mut work.d_row, m, compared);
            add_scaled(d_m, 1.0, &work.d_row);
        }
        std::mem::swap(&mut work.d_u, &mut work.d_next);
    }

    /// Adds the gradients of the words' rows in their table, and of the position weights, from that of a stored row.
    #[inline(always)]
    fn backward_embed(
        &self,
        (table, position): (&[f32], &[f32]),
        d_row: &[f32],
        words: &[u8],
        d_table: &mut [f32],
        d_position: &mut [f32],
    ) {
        let elements = self.shape.elements;
        for (place, (&word, factors)) in words.iter().zip(self.positions(position)).enumerate() {
            let row = usize::from(word) * elements..(usize::from(word) + 1) * elements;
            add_product(&mut d_table[row.clone()], factors, d_row);
            if self.learns_position {
                let place = place.min(self.shape.positions - 1) * elements;
                add_product(&mut d_position[place..place + elements], &table[row], d_row);
            }
        }
    }
}

/// The sum of a memory row and its age word, saturated where a quantiser is given.
#[inline(always)]
fn add_aged(row: &[f32], age: &[f32], quantiser: Option<&Quantiser>, sum: &mut [f32]) {
    let rows = sum.iter_mut().zip(row).zip(age);
    match quantiser {
        Some(quantiser) => rows.for_each(|((sum, x), age)| *sum = quantiser.saturate(x + age)),
        None => rows.for_each(|((sum, x), age)| *sum = x + age),
    }
}

#[inline(always)]
fn softmax(scores: &[f32], weights: &mut [f32]) {
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    weights.iter_mut().zip(scores).for_each(|(weight, score)| *weight = (score - largest).exp());
    let sum: f32 = weights.iter().sum();
    weights.iter_mut().for_each(|weight| *weight /= sum);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Mode;
    use crate::quantise::Formats;
    use engram_spec::Format;
    use engram_spec::memnet::Addressing;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    const SHAPE: Shape =
        Shape { words: 5, elements: 6, slots: 4, hops: 2, positions: 3, tying: Tying::LayerWise, answers: None };

    fn random_tensors(shape: &Shape, seed: u64) -> Tensors<f32> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut tensors = Tensors::zeroed(shape);
        tensors.each_mut().into_iter().flatten().for_each(|weight| *weight = random.random_range(-0.8..0.8));
        tensors
    }

    fn question() -> (Vec<Vec<u8>>, Vec<usize>, Vec<u8>) {
        (vec![vec![0, 1, 4], vec![2], vec![3, 3]], vec![3, 1, 0], vec![1, 2])
    }

    fn design(addressing: Addressing, encoding: Encoding) -> Design {
        let format = |fraction| Format::with_fraction(fraction).unwrap();
        let (fine, coarse) = (format(6), format(5));
        let formats =
            Formats { a: fine, b: fine, c: fine, w: fine, h: fine, memory_a: fine, memory_c: coarse, controller: fine };
        let mode = Mode::Float;
        Design { mode, addressing, graded: false, bits: 8, shape: SHAPE, encoding, kappa: -1, scores: None, formats }
    }

    fn loss(network: &Network, tensors: &Tensors<f32>, work: &mut Workspace) -> f64 {
        let (sentences, ages, question) = question();
        network.forward(tensors, &Query { sentences: &sentences, ages: &ages, question: &question }, work);
        let largest = work.logits.iter().copied().fold(f32::MIN, f32::max);
        let sum: f64 = work.logits.iter().map(|logit| f64::from(logit - largest).exp()).sum();
        sum.ln() - f64::from(work.logits[3] - largest)
    }

    /// Compares every weight's gradient with central differences, but where a kink of a similarity lies within them.
    fn compare(network: &Network, tensors: &Tensors<f32>) {
        let mut work = Workspace::new(&network.shape);
        let at = loss(network, tensors, &mut work);
        let (sentences, ages, question) = question();
        let query = Query { sentences: &sentences, ages: &ages, question: &question };
        assert!((f64::from(network.loss(3, &mut work)) - at).abs() < 1e-5);
        let mut gradient = Tensors::zeroed(&network.shape);
        network.backward(tensors, &query, 1.0, &mut work, &mut gradient);
        let (step, mut compared, mut weights) = (2e-3, 0, 0);
        for tensor in 0..8 {
            for place in 0..tensors.each()[tensor].len() {
                let mut moved = |by: f32| {
                    let mut moved = tensors.clone();
                    moved.each_mut()[tensor][place] += by;
                    loss(network, &moved, &mut work)
                };
                let (above, below) = (moved(step) - at, at - moved(-step));
                weights += 1;
                if (above - below).abs() / f64::from(step) > 0.02 {
                    continue;
                }
                compared += 1;
                let difference = (above + below) / f64::from(2.0 * step);
                let found = f64::from(gradient.each()[tensor][place]);
                let name = Tensors::<f32>::NAMES[tensor];
                assert!((found - difference).abs() < 1e-2, "{name} at {place}: {found}, differences give {difference}");
            }
        }
        assert!(compared * 10 > weights * 9, "{compared} of {weights} weights compared");
    }

    fn gradients_are_right(tying: Tying) {
        let shape = Shape { tying, ..SHAPE };
        for addressing in Addressing::ALL {
            let seed = 1 + u64::from(addressing.id());
            for encoding in [Encoding::BagOfWords, Encoding::Position] {
                for (attention, share) in
                    [(Attention::Softmax, 1.0), (Attention::Linear, 1.0), (Attention::Softmax, 0.4)]
                {
                    let mut network = Network::smooth(&Design { shape, ..design(addressing, encoding) }).blended(share);
                    network.attention = attention;
                    // Not learnt in every encoding, but right in each.
                    network.learns_position = true;
                    let tensors = Tensors { position: encoding.weights(&SHAPE), ..random_tensors(&shape, seed) };
                    compare(&network, &tensors);
                }
            }
        }
    }

    #[test]
    fn gradients_are_those_of_differences() {
        gradients_are_right(Tying::LayerWise);
    }

    #[test]
    fn gradients_of_adjacent_tying_are_those_of_differences() {
        gradients_are_right(Tying::Adjacent);
    }

    /// With the tensors that adjacent tying ties equal, one hop of both tyings is one function: B is A, W is C, H is the identity.
    #[test]
    fn one_hop_of_both_tyings_is_one_function() {
        let one = Shape { hops: 1, ..SHAPE };
        let adjacent = Shape { tying: Tying::Adjacent, ..one };
        let tensors = random_tensors(&adjacent, 7);
        let mut untied = Tensors { b: tensors.a.clone(), w: tensors.c.clone(), ..tensors.clone() };
        untied.h = (0..36).map(|place| f32::from(u8::from(place % 7 == 0))).collect();
        for addressing in Addressing::ALL {
            let network = |shape| Network::smooth(&Design { shape, ..design(addressing, Encoding::Position) });
            let [mut left, mut right] = [adjacent, one].map(|shape| Workspace::new(&shape));
            loss(&network(adjacent), &tensors, &mut left);
            loss(&network(one), &untied, &mut right);
            let near = left.logits.iter().zip(&right.logits).all(|(left, right)| (left - right).abs() < 1e-5);
            assert!(near, "{addressing}: {:?} and {:?}", left.logits, right.logits);
        }
    }

    /// MemN2N's formula at its corners: the first word counts in the first elements, the last in the last.
    #[test]
    fn position_weights_are_those_of_the_paper() {
        let weights = Encoding::Position.weights(&Shape { positions: 4, ..SHAPE });
        let at = |j: usize, e: usize| weights[(j - 1) * 6 + e - 1];
        assert!((at(1, 1) - (1.0 - 0.25 - (1.0 / 6.0) * 0.5)).abs() < 1e-6);
        assert!((at(1, 6) - 0.25).abs() < 1e-6);
        assert!((at(4, 1) - 1.0 / 6.0).abs() < 1e-6);
        assert!((at(4, 6) - 1.0).abs() < 1e-6);
        assert!(Encoding::BagOfWords.weights(&SHAPE).iter().all(|&weight| weight == 1.0));
    }

    #[test]
    fn a_question_without_a_story_is_computed_too() {
        let network = Network::smooth(&design(Addressing::Dot, Encoding::Position));
        let mut work = Workspace::new(&SHAPE);
        network.forward(&random_tensors(&SHAPE, 1), &Query { sentences: &[], ages: &[], question: &[1] }, &mut work);
        assert!(work.logits.iter().all(|logit| logit.is_finite()));
    }
}
