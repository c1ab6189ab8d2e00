export const FIRST_NAMES = (
  'Anna Ben Clara David Elif Felix Greta Hannes Ines Jonas Katrin Lukas Mara Nils Olga Paul Rosa Samir Tessa Uwe Vera Wim Yasmin Zoe Aaron Bianca Carlos Dana ' +
  'Emma Frank Grace Hugo Isla Jack Kira Leo Maya Noah Owen Priya Quinn Rachel Scott Tara Umar Victor Wendy Xiao Yuki Zara Aditi Brian Chloe Derek Elena Fatima ' +
  'Gavin Helen Ivan Jia Kevin Linda Mateo Nora Oscar Petra Rahul Sofia Tomas Usha'
).split(' ');

export const LAST_NAMES = (
  'Keller Brandt Vogel Hartmann Lorenz Seidel Winter Baumann Krause Demir Yilmaz Nowak Petrov Rossi Moreau Larsen Okafor Mensah Haddad Rahimi Santos Silva ' +
  'Carter Hughes Morgan Bennett Coleman Foster Reyes Torres Nguyen Tran Patel Mehta Iyer Shah Khan Lim Tan Ong Goh Chua Wong Lau Sato Kimura Park Choi Walsh ' +
  'Byrne Doyle Fraser Sinclair Mercer Holt Abbott Finch Marsh Rowe Stone Weaver Ellis Grant Harper'
).split(' ');
