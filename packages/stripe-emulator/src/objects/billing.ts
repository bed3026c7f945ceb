export const noBillingDetails = () => ({
  address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
  email: null as string | null,
  name: null as string | null,
  phone: null as string | null,
  tax_id: null,
});
