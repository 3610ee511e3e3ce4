/** An article of the shop. Prices are in cents. */
export interface Article {
  readonly sku: string;
  readonly name: string;
  readonly cents: number;
}

export const catalogue: readonly Article[] = [
  { sku: 'mug', name: 'Enamel mug', cents: 1999 },
  { sku: 'kettle', name: 'Kettle', cents: 4990 },
  { sku: 'filter', name: 'Coffee filters', cents: 450 },
  { sku: 'beans', name: 'Beans, 500 g', cents: 1299 },
  { sku: 'grinder', name: 'Hand grinder', cents: 8990 },
  { sku: 'scale', name: 'Kitchen scale', cents: 3500 },
];

export interface CartLine {
  readonly sku: string;
  readonly quantity: number;
}
