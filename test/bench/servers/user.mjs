/** What every variant answers: about 200 bytes. */
export const USER = Object.freeze({
  id: '6f1c2a9e-3b7d-4c55-9a41-0d8e7f2b1c34',
  name: 'Ann Example',
  email: 'ann@example.test',
  role: 'admin',
  active: true,
  createdAt: '2024-01-15T10:30:00.000Z',
  projects: [12, 48, 103],
});

export const USER_PATH = '/users/42';
export const USER_ROUTE = '/users/:id';
